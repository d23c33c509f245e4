# A thin face on kit.py, which does the work and needs no make: python kit.py lesson3.
#
# Which targets there are, what each is for and which variables it takes is said once, in
# course/command_table.py: `make help` prints it, and kit.py refuses a target or a variable that is not
# there, before anything is installed or run.
#
# Values reach kit.py as environment variables, never as text: make takes them literally (`value`,
# so $(shell …) in one is only characters). Only those of make's command line are handed on as
# options; what the environment says is left alone, but for PYTHON and TORCH_INDEX.

given := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
$(foreach name,$(given),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))
export TRIPTYCH_GIVEN := $(given)
export TRIPTYCH_GOALS := $(MAKECMDGOALS)

# For a shell that completes them, and because some are folders too.
targets := help lesson1 lesson2 lesson3 lesson4 lesson5 lesson6 lab notebooks check1 check2 check3 \
	check4 check5 check6 grade exercises translations site slides compare compare-records diverge \
	relay bench bench-growth differences check-adapter drift test test-all mutants lint sbom audit \
	data lock doctor setup clean

# Whether PYTHON is one at all, and reads kit.py, which tells the others what it wants.
asked := print(__import__("sys").version_info >= (3, 8))

# The recipe of every target. A name that is not in the list is misspelt, and never becomes text.
define ask
@python="$${PYTHON:-python3}"; command -v "$$python" >/dev/null || \
	{ echo "error: there is no $$python: set PYTHON=, as in make lesson1 PYTHON=python3.12" >&2; exit 2; }; \
	test -z "$$PYTHON" || test "$$("$$python" -c '$(asked)' 2>/dev/null)" = True || \
	{ echo "error: $$python is no Python that can read kit.py: expected 3.11, 3.12 or 3.13," \
	"as in make lesson1 PYTHON=python3.12" >&2; exit 2; }; \
	"$$python" kit.py make $(filter $(targets),$@)
endef

MAKEFLAGS += --no-builtin-rules
.DEFAULT_GOAL := help
.PHONY: $(targets) always
$(targets): ; $(ask)
%: always ; $(ask)
Makefile: ;
