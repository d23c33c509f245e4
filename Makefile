# A thin face on kit.py, which does the work and needs no make: python kit.py lesson3.
#
# Values reach the recipes as environment variables, never as text: make takes them literally
# (`value`, so $(shell …) in one is only characters) and the shell puts each inside one quoted
# option. A value that is empty is an option that is not passed, so the default is in one place.

VALUES = BACKEND DTYPE DEVICE SEED SEEDS DATA EPOCHS OUT KNOBS LEARNING_RATE THREADS \
         TORCH_INDEX PYTHON ADAPTER VERSION LESSONS \
         LESSON BACKENDS JOBS NOISE JUNIT JSON OLD NEW NAME FIND TOPIC RUN PAGE A B PLANT \
         FILE SUBMISSIONS CSV TRUST PDF LESSON_LANGUAGE CHECKPOINT RESUME LEGS FORGET \
         REPORT EXECUTOR SCHEDULER WORKERS WORKER_TIMEOUT HOSTS HOST DRY_RUN
$(foreach name,$(VALUES),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))

KIT = @"$${PYTHON:-python3}" kit.py
ENGINE = $${BACKEND:+"--backend=$$BACKEND"}
TESTED = $(ENGINE) $${DEVICE:+"--device=$$DEVICE"} $${SEED:+"--seed=$$SEED"}
OPTIONS = $(ENGINE) $${DTYPE:+"--dtype=$$DTYPE"} $${DEVICE:+"--device=$$DEVICE"} \
	$${SEED:+"--seed=$$SEED"} $${SEEDS:+"--seeds=$$SEEDS"} $${DATA:+"--data=$$DATA"} \
	$${EPOCHS:+"--epochs=$$EPOCHS"} $${OUT:+"--out=$$OUT"} $${KNOBS:+"--knobs=$$KNOBS"} \
	$${LEARNING_RATE:+"--learning-rate=$$LEARNING_RATE"} $${THREADS:+"--threads=$$THREADS"}
SPOKEN = $${LESSON_LANGUAGE:+"--language=$$LESSON_LANGUAGE"}
KEPT = $${CHECKPOINT:+"--checkpoint=$$CHECKPOINT"} $${RESUME:+"--resume=$$RESUME"}
SHARED = $${WORKERS:+"--workers=$$WORKERS"} $${WORKER_TIMEOUT:+"--worker-timeout=$$WORKER_TIMEOUT"} \
	$${HOSTS:+"--hosts=$$HOSTS"} $${HOST:+"--host=$$HOST"} $${DRY_RUN:+--dry-run}
SHOWN = $${BACKENDS:+"--backends=$$BACKENDS"} $${EPOCHS:+"--epochs=$$EPOCHS"} $${OUT:+"--out=$$OUT"}

BENCHED = $${BACKENDS:+"--backends=$$BACKENDS"} $${THREADS:+"--threads=$$THREADS"} \
	$${OUT:+"--out=$$OUT"} $${REPORT:+"--report=$$REPORT"} $${RESUME:+"--resume=$$RESUME"}

WRITTEN = $${JUNIT:+"--junit=$$JUNIT"} $${JSON:+"--json=$$JSON"}

CHAPTERS = lesson1 lesson2 lesson3 lesson4 lesson5 lesson6
CHECKS = check1 check2 check3 check4 check5 check6
.PHONY: help $(CHAPTERS) lab notebooks $(CHECKS) grade exercises translations site slides compare compare-records diverge relay bench bench-growth differences check-adapter drift test test-all mutants lint sbom audit doctor data lock setup clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  %-16s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo 'Set what you like, as in: make lesson3 BACKEND=keras DTYPE=float64 SEED=7 OUT="my results"'
	@echo 'BACKEND DTYPE DEVICE SEED SEEDS DATA EPOCHS OUT KNOBS LEARNING_RATE THREADS TORCH_INDEX PYTHON'
	@echo 'lessons, lab and notebooks also take LESSON_LANGUAGE=nl'
	@echo 'lessons take CHECKPOINT=n (2 or 2epochs, or 100steps) and RESUME=auto; relay LEGS="torch:100 jax:100", FORGET=yes'
	@echo 'lesson3 and lesson4 take WORKERS=2, WORKER_TIMEOUT=seconds, HOSTS=file with HOST=1, DRY_RUN=yes'
	@echo 'check1 … take FILE=mine.py and JSON=; grade takes SUBMISSIONS=folder CSV= JSON= JOBS= TRUST=yes'
	@echo 'site takes BACKENDS= and EPOCHS=, and slides PDF=yes'
	@echo 'compare also takes LESSON BACKENDS JOBS NOISE=none|reference|all, and JUNIT= and JSON= files'
	@echo 'compare EXECUTOR=dask spreads it over this machine, or SCHEDULER=tcp://…; RESUME=auto goes on'
	@echo 'diverge takes LESSON, A= and B= (an engine, FILE:CLASS or a trace), and PLANT=name'
	@echo 'bench and bench-growth take BACKENDS THREADS OUT RESUME=auto, and REPORT=page.md'
	@echo 'differences takes NAME FIND TOPIC, RUN=yes, and PAGE=file.html'
	@echo 'check-adapter takes ADAPTER=mine.py:MyModel, and drift VERSION=3.12.0 LESSONS="1 3"'

lesson1: ## the perceptron: what can one neuron do?
lesson2: ## gradient descent: which way should I turn the knob?
lesson3: ## logistic regression: how does one neuron become a classifier?
lesson4: ## a multilayer perceptron: why deep?
lesson5: ## where the frameworks differ: same recipe, other numbers?
lesson6: ## many machines: does training on two machines change the answer?
$(CHAPTERS):
	$(KIT) $@ $(OPTIONS) $(SPOKEN) $(KEPT) $(SHARED)

lab: ## the lessons and exercises in JupyterLab (BACKEND=)
	$(KIT) lab $(ENGINE) $(SPOKEN)
notebooks: ## one notebook for each lesson and engine, in notebooks/ (BACKEND=)
	$(KIT) notebooks $(ENGINE) $${OUT:+"--out=$$OUT"} $(SPOKEN)
check1: ## what you wrote in lessons/exercises/lesson1.py, with points and hints (FILE= JSON=)
check2: ## the same for lesson 2,
check3: ## lesson 3,
check4: ## lesson 4,
check5: ## lesson 5
check6: ## and lesson 6
$(CHECKS):
	$(KIT) check $(@:check%=%) $(ENGINE) $${DTYPE:+"--dtype=$$DTYPE"} $${SEED:+"--seed=$$SEED"} \
		$${FILE:+"--file=$$FILE"} $${JSON:+"--json=$$JSON"}
grade: ## what a class handed in, each in a sandbox (SUBMISSIONS=folder CSV=)
	$(KIT) grade $(ENGINE) $${LESSON:+"--lesson=$$LESSON"} $${JOBS:+"--jobs=$$JOBS"} \
		$${CSV:+"--csv=$$CSV"} $${JSON:+"--json=$$JSON"} $${TRUST:+--trust} \
		-- $${SUBMISSIONS:+"$$SUBMISSIONS"}
exercises: ## the students' files anew from the solutions; answers in them are kept aside, as .bak
	$(KIT) exercises
translations: ## is every translated lesson complete, and in step with its source?
	$(KIT) translations check $(SPOKEN)
site: ## the course as a site, lessons run on every engine, in build/site
	$(KIT) site $(SHOWN)
slides: ## a deck for each lesson, in build/slides (PDF=yes)
	$(KIT) slides $${PDF:+--pdf} $${OUT:+"--out=$$OUT"}
compare: ## every engine side by side: do they agree? (LESSON= BACKENDS="torch keras")
	$(KIT) compare $${LESSON:+"--lesson=$$LESSON"} $${BACKENDS:+"--backends=$$BACKENDS"} \
		$${DTYPE:+"--dtype=$$DTYPE"} $${DEVICE:+"--device=$$DEVICE"} $${SEED:+"--seed=$$SEED"} \
		$${SEEDS:+"--seeds=$$SEEDS"} $${DATA:+"--data=$$DATA"} $${EPOCHS:+"--epochs=$$EPOCHS"} \
		$${OUT:+"--out=$$OUT"} $${JOBS:+"--jobs=$$JOBS"} $${NOISE:+"--noise=$$NOISE"} \
		$${EXECUTOR:+"--executor=$$EXECUTOR"} $${SCHEDULER:+"--scheduler=$$SCHEDULER"} \
		$${RESUME:+"--resume=$$RESUME"} $(WRITTEN)
compare-records: ## two folders of records, from any two machines or days (OLD= NEW=)
	$(KIT) compare-records $(WRITTEN) -- $${OLD:+"$$OLD"} $${NEW:+"$$NEW"}
diverge: ## the first number that two engines do not share, and why (LESSON= A= B= PLANT=)
	$(KIT) diverge $${LESSON:+"--lesson=$$LESSON"} $${A:+"--a=$$A"} $${B:+"--b=$$B"} \
		$${PLANT:+"--plant=$$PLANT"} $${DTYPE:+"--dtype=$$DTYPE"} $${SEED:+"--seed=$$SEED"} \
		$${DATA:+"--data=$$DATA"} $${OUT:+"--out=$$OUT"} $${JSON:+"--json=$$JSON"}
relay: ## one run handed from framework to framework (LEGS="torch:100 jax:100" FORGET=yes)
	$(KIT) relay $${LESSON:+"--lesson=$$LESSON"} $${LEGS:+"--legs=$$LEGS"} $${SEED:+"--seed=$$SEED"} \
		$${DATA:+"--data=$$DATA"} $${OUT:+"--out=$$OUT"} $${FORGET:+--forget}
bench: ## each engine's epoch against its users' own loop: ratios and goals (REPORT=docs/speed.md)
	$(KIT) bench $(BENCHED)
bench-growth: ## how time and memory grow with rows, width and batch (REPORT=docs/speed_growth.md)
	$(KIT) bench-growth $(BENCHED)
differences: ## what frameworks do when you say nothing (NAME= FIND= TOPIC= BACKEND= RUN=yes PAGE=)
	$(KIT) differences $(ENGINE) $${FIND:+"--find=$$FIND"} $${TOPIC:+"--topic=$$TOPIC"} \
		$${RUN:+--run} $${PAGE:+"--page=$$PAGE"} -- $${NAME:+"$$NAME"}
check-adapter: ## which laws your own adapter keeps (ADAPTER=mine.py:MyModel)
	$(KIT) check-adapter $${DTYPE:+"--dtype=$$DTYPE"} -- $${ADAPTER:+"$$ADAPTER"}
drift: ## what another version of a framework changes (BACKEND= VERSION=)
	$(KIT) drift $(ENGINE) $${VERSION:+"--version=$$VERSION"} $${LESSONS:+"--lessons=$$LESSONS"} \
		$${DTYPE:+"--dtype=$$DTYPE"} $${EPOCHS:+"--epochs=$$EPOCHS"} $${SEED:+"--seed=$$SEED"} \
		$${OUT:+"--out=$$OUT"}
test: ## install everything and run the tests (BACKEND=: for one engine)
	$(KIT) test $(TESTED)
test-all: ## the same with the slow tests and the whole matrix of runs
	$(KIT) test-all $(TESTED)
mutants: ## change the code one small thing at a time: do the tests notice? (FIND="datasets" JOBS=2)
	$(KIT) mutants $${FIND:+"--find=$$FIND"} $${JOBS:+"--jobs=$$JOBS"}
lint: ## ruff and mypy
	$(KIT) lint
sbom: ## what is locked and installed, as CycloneDX (BACKEND= OUT=sbom.json)
	$(KIT) sbom $(ENGINE) $${OUT:+"--out=$$OUT"}
audit: ## known vulnerabilities in what is locked; asks the network (BACKEND=)
	$(KIT) audit $(ENGINE)
doctor: ## what is installed, what is amiss, what to do about it
	$(KIT) doctor
data: ## rebuild the committed data from its sources and check the hashes
	$(KIT) data
lock: ## resolve pyproject.toml into locks/ again
	$(KIT) lock
setup: ## only build the environment (BACKEND=: for one engine; torch if left out)
	$(KIT) setup $${BACKEND:+"$$BACKEND"}
clean: ## remove the environment and the caches; results stay
	$(KIT) clean
