"""The commands of the kit, said once: what each is for, what runs, what that needs, what it takes.

kit.py finds here what Python runs and which locks that needs; make finds its targets, their help,
and which variables each takes. Standard library only: this is read before there is an environment.

What a command needs are names of locks: `dev` has everything. BACKEND is the backend of --backend,
torch if none is named; ANY, where none is named, is whichever is there; TESTED is it and what tests
one backend, or else dev; BACKENDS are those of --backends, or else dev. What it takes are make's
variables, in the order of the options.
"""

from __future__ import annotations

from typing import NamedTuple

from spelling import unknown


class WrongInput(Exception):
    """What was typed and what was expected, in one line for a person."""


class Command(NamedTuple):
    """A row of the table."""

    about: str
    runs: str
    needs: str
    takes: str = ""


class Lesson(NamedTuple):
    """What a lesson is called, and what it asks."""

    title: str
    question: str
    takes: str = "LEARNING_RATE"


LESSONS = {
    1: Lesson("The perceptron", "What can one neuron do?", "KNOBS"),
    2: Lesson("Gradient descent", "Which way should I turn the knob?"),
    3: Lesson("Logistic regression", "How does one neuron become a classifier?"),
    4: Lesson("A multilayer perceptron", "Why deep?"),
    5: Lesson("Where the frameworks differ", "Same recipe, other numbers?"),
    6: Lesson("Many machines", "Does training on two machines change the answer?"),
}

# A variable of make: its option (none: an argument by its place; "": kit.py's own), and an example.
VARIABLES: dict[str, tuple[str | None, str]] = {
    "BACKEND": ("--backend", "torch"),
    "DTYPE": ("--dtype", "float64"),
    "DEVICE": ("--device", "cpu"),
    "SEED": ("--seed", "7"),
    "SEEDS": ("--seeds", "5"),
    "DATA": ("--data", "folder"),
    "EPOCHS": ("--epochs", "2"),
    "OUT": ("--out", "folder"),
    "KNOBS": ("--knobs", '"1 2 3"'),
    "LEARNING_RATE": ("--learning-rate", "0.1"),
    "THREADS": ("--threads", "2"),
    "LESSON_LANGUAGE": ("--language", "nl"),
    "CHECKPOINT": ("--checkpoint", "2epochs"),
    "RESUME": ("--resume", "auto"),
    "WORKERS": ("--workers", "2"),
    "WORKER_TIMEOUT": ("--worker-timeout", "60"),
    "HOSTS": ("--hosts", "file"),
    "HOST": ("--host", "1"),
    "DRY_RUN": ("--dry-run", "yes"),
    "LESSON": ("--lesson", "3"),
    "LESSONS": ("--lessons", '"1 3"'),
    "BACKENDS": ("--backends", '"torch keras"'),
    "JOBS": ("--jobs", "2"),
    "NOISE": ("--noise", "none"),
    "EXECUTOR": ("--executor", "dask"),
    "SCHEDULER": ("--scheduler", "tcp://10.0.0.1:8786"),
    "JUNIT": ("--junit", "file.xml"),
    "JSON": ("--json", "file.json"),
    "OLD": (None, "folder"),
    "NEW": (None, "folder"),
    "A": ("--a", "torch"),
    "B": ("--b", "mine.py:MyModel"),
    "INJECT": ("--inject", "adam_epsilon"),
    "LEGS": ("--legs", '"torch:100 jax:100"'),
    "FORGET": ("--forget", "yes"),
    "REPORT": ("--report", "page.md"),
    "FIND": ("--find", "epsilon"),
    "TOPIC": ("--topic", "losses"),
    "RUN": ("--run", "yes"),
    "PAGE": ("--page", "page.html"),
    "NAME": (None, "adam_epsilon"),
    "ADAPTER": (None, "mine.py:MyModel"),
    "VERSION": ("--version", "3.14.1"),
    "FILE": ("--file", "mine.py"),
    "SUBMISSIONS": (None, "folder"),
    "CSV": ("--csv", "grades.csv"),
    "TRUST": ("--trust", "yes"),
    "PDF": ("--pdf", "yes"),
    "PYTHON": ("", "python3.12"),
    "TORCH_INDEX": ("", "https://download.pytorch.org/whl/cpu"),
}
# Variables of earlier releases: the old word works in this one, with a line that says so.
RENAMED = {"PLANT": "INJECT"}
FLAGS = ("DRY_RUN", "FORGET", "RUN", "TRUST", "PDF")  # yes or no
REQUIRED = ("ADAPTER", "NEW", "OLD", "SUBMISSIONS", "VERSION")  # by the target that takes it
ALWAYS = ("PYTHON", "TORCH_INDEX")  # what every target takes, and the environment may say too

# Status 1 of these is an answer to what was asked, and no failure: make says no more about it.
ANSWERS = ("check", "diverge", "drift")

RUN = "BACKEND DTYPE DEVICE SEED SEEDS DATA EPOCHS OUT {} THREADS LESSON_LANGUAGE CHECKPOINT "
RUN += "RESUME WORKERS WORKER_TIMEOUT HOSTS HOST DRY_RUN"
BENCH = "BACKENDS THREADS OUT REPORT RESUME"

COMMANDS: dict[str, Command] = {
    "lab": Command(
        "the lessons and exercises in JupyterLab (BACKEND=)",
        "-m classroom.lab", "BACKEND lab", "BACKEND LESSON_LANGUAGE",
    ),
    "notebooks": Command(
        "one notebook for each lesson and backend, in notebooks/ (BACKEND=)",
        "-m classroom.notebooks", "lab", "BACKEND OUT LESSON_LANGUAGE",
    ),
    "check": Command(
        "what you wrote in lessons/exercises/lesson{}.py, with points and hints (FILE= JSON=)",
        "-m classroom.check", "BACKEND", "BACKEND DTYPE SEED FILE JSON",
    ),
    "grade": Command(
        "what a class handed in, each in a sandbox (SUBMISSIONS=folder CSV=)",
        "-m classroom.grade", "BACKEND", "BACKEND LESSON JOBS CSV JSON TRUST SUBMISSIONS",
    ),
    "exercises": Command(
        "the students' files anew from the solutions; answers in them are kept aside, as .bak",
        "-m classroom.build_exercises", "ANY",
    ),
    "translations": Command(
        "is every translated lesson complete, and in step with its source?",
        "-m course.translation", "dev", "LESSON_LANGUAGE",
    ),
    "site": Command(
        "the course as a site, lessons run on every backend, in build/site",
        "-m docs.site", "dev", "BACKENDS EPOCHS OUT",
    ),
    "slides": Command(
        "a deck for each lesson, in build/slides (PDF=yes)", "-m docs.slides", "dev", "PDF OUT",
    ),
    "compare": Command(
        'every backend side by side: do they agree? (LESSON= BACKENDS="torch keras")',
        "-m compare", "BACKENDS",
        "LESSON BACKENDS DTYPE DEVICE SEED SEEDS DATA EPOCHS OUT JOBS NOISE EXECUTOR SCHEDULER "
        "RESUME JUNIT JSON",
    ),
    "compare-records": Command(
        "two folders of records, from any two machines or days (OLD= NEW=)",
        "-m compare.compare_records", "ANY", "JUNIT JSON OLD NEW",
    ),
    "diverge": Command(
        "the first number that two backends do not share, and why (LESSON= A= B= INJECT=)",
        "-m compare.diverge", "dev", "LESSON A B INJECT DTYPE SEED DATA OUT JSON",
    ),
    "relay": Command(
        'one run handed from framework to framework (LEGS="torch:100 jax:100" FORGET=yes)',
        "-m course.relay", "dev", "LESSON LEGS SEED DATA OUT FORGET",
    ),
    "completion": Command("tab completion: bash, zsh or fish", "-m course completion", "ANY"),
    "bench": Command(
        "each backend's epoch against its users' own loop: ratios and goals "
        "(REPORT=docs/reports/speed.md)",
        "-m benchmarks", "BACKENDS", BENCH,
    ),
    "bench-growth": Command(
        "how time and memory grow with rows, width and batch (REPORT=docs/reports/speed_growth.md)",
        "-m benchmarks.growth", "BACKENDS", BENCH,
    ),
    "differences": Command(
        "what frameworks do by default (NAME= FIND= TOPIC= BACKEND= RUN=yes PAGE=)",
        "-m compare.differences", "ANY", "BACKEND FIND TOPIC RUN PAGE NAME",
    ),
    "check-adapter": Command(
        "which laws your own adapter keeps (ADAPTER=mine.py:MyModel)",
        "-m compare.check_adapter", "ANY", "DTYPE ADAPTER",
    ),
    "drift": Command(
        "what another version of a framework changes (BACKEND= VERSION=)",
        "-m compare.drift", "ANY", "BACKEND VERSION LESSONS DTYPE EPOCHS SEED OUT",
    ),
    "test": Command(
        "install everything and run the tests (BACKEND=: for one backend)",
        "-m tests", "TESTED", "BACKEND DEVICE SEED",
    ),
    "test-all": Command(
        "the same with the slow tests and the whole matrix of runs",
        "-m tests --all", "TESTED", "BACKEND DEVICE SEED",
    ),
    "mutants": Command(
        'change the code one small thing at a time: do the tests notice? (FIND="datasets" JOBS=2)',
        "-m tests.mutation", "dev", "FIND JOBS",
    ),
    "lint": Command("ruff and mypy", ".ci/lint.py", "dev"),
    "sbom": Command(
        "what is locked and installed, as CycloneDX (BACKEND= OUT=sbom.json)",
        "locks/sbom.py", "dev", "BACKEND OUT",
    ),
    "audit": Command(
        "known vulnerabilities in what is locked; asks the network (BACKEND=)",
        "locks/audit.py", "dev", "BACKEND",
    ),
    "data": Command(
        "rebuild the committed data from its sources and check the hashes",
        "-m datasets.rebuild", "dev",
    ),
    "lock": Command("resolve pyproject.toml into locks/ again", "locks/compile.py", "dev"),
}  # fmt: skip

# What kit.py does by itself.
ITS_OWN: dict[str, Command] = {
    "doctor": Command("what is installed, what is amiss, what to do about it", "", ""),
    "setup": Command(
        "only build the environment (BACKEND=: for one backend; torch if left out)", "", "",
        "BACKEND",
    ),
    "clean": Command("remove the environment and the caches; results stay", "", ""),
}  # fmt: skip


def targets() -> dict[str, Command]:
    """What `make` lists, in its order; every target is a command of kit.py, or nearly so."""
    found = {"help": Command("this list", "", "")}
    for number, lesson in LESSONS.items():
        about = f"{lesson.title}: {lesson.question}"
        found[f"lesson{number}"] = Command(about, "", "BACKEND", RUN.format(lesson.takes))
    rest = {**COMMANDS, **ITS_OWN}
    del rest["completion"]  # of kit.py's own options
    for name, command in rest.items():
        for number in LESSONS if name == "check" else [0]:
            found[f"check{number}" if number else name] = command._replace(
                about=command.about.format(number)
            )
    return found


def backend_of(arguments: list[str], backends: list[str], option: str = "--backend") -> str:
    """The last --backend among the words, or all of --backends, known to exist; or empty."""
    pairs = zip(arguments, [*arguments[1:], ""])
    found = [
        word.partition("=")[2] if "=" in word else after
        for word, after in pairs
        if word.split("=")[0] == option
    ]
    for names in found:
        for name in names.replace(",", " ").split() if option == "--backends" else [names]:
            known(name, backends)
    return found[-1].replace(",", " ") if found else ""


def known(name: str, names: list[str], kind: str = "backend") -> str:
    """The name, if it is one of these. Raises WrongInput, which says which was probably meant."""
    if name not in names:
        raise WrongInput(unknown(kind, name, names))
    return name
