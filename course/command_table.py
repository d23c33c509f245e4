"""The commands of the kit: purpose, program, locks and variables, all in one table.

kit.py reads here which program to run and which locks it needs. make reads here its targets, their
help and the variables of each (course/variables.py describes these). Standard library only: this
runs before there is an environment.

`needs` lists locks; `dev` includes every other one. Four words stand for a choice:
    BACKEND   the backend of --backend, or else torch
    ANY       the backend of --backend, or else any that is installed
    TESTED    the backend of --backend and the lock `test`, or else dev
    BACKENDS  the backends of --backends, or else dev
`takes` lists variables of make, in the order of the options.
"""

from __future__ import annotations

from typing import NamedTuple

from course.lessons import LESSONS
from spelling import unknown


class WrongInput(Exception):
    """What was typed and what was expected, in one line."""


class Command(NamedTuple):
    """A command: its line in `make help`, program, locks and variables."""

    about: str
    runs: str
    needs: str
    takes: str = ""


# Status 1 of these commands is an answer and not a failure, so make prints no error of its own.
ANSWERS = ("check", "diverge", "drift", "ledger", "port", "rehearse", "side-by-side")

RUN = "BACKEND DTYPE DEVICE SEED SEEDS {} OUT THREADS LESSON_LANGUAGE CHECKPOINT RESUME "
RUN += "WORKERS WORKER_TIMEOUT HOSTS HOST DRY_RUN"
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
        "your answers in lessons/exercises/lesson{}.py, with points and hints (FILE= JSON=)",
        "-m classroom.check", "BACKEND", "BACKEND DTYPE SEED FILE JSON",
    ),
    "grade": Command(
        "grade a class, each submission in a sandbox; pages, CSVs (SUBMISSIONS=folder ROSTER=)",
        "-m classroom.grade", "BACKEND",
        "BACKEND LESSON JOBS CSV JSON OUT ROSTER TRUST SUBMISSIONS",
    ),
    "rehearse": Command(
        "go through a teaching day's commands on this machine: what is missing? (LESSON= BACKEND=)",
        "-m classroom.rehearse", "BACKEND lab", "BACKEND LESSON",
    ),
    "exercises": Command(
        "rebuild the students' files from the solutions; answers in them are kept as .bak",
        "-m classroom.build_exercises", "ANY",
    ),
    "translations": Command(
        "is every translated lesson complete, and in step with its source?",
        "-m course.translation", "dev", "LESSON_LANGUAGE",
    ),
    "site": Command(
        "the course as a site, lessons run on every backend, in build/site",
        "-m tools.site", "dev", "BACKENDS EPOCHS OUT FRESH",
    ),
    "slides": Command(
        "a deck for each lesson, in build/slides (PDF=yes)", "-m tools.slides", "dev", "PDF OUT",
    ),
    "playground": Command(
        "a page to try the ideas in, without an install", "-m tools.playground", "ANY", "OUT",
    ),
    "compare": Command(
        'run every backend and compare: do they agree? (LESSON= BACKENDS="torch keras")',
        "-m compare", "BACKENDS",
        "LESSON BACKENDS DTYPE DEVICE SEED SEEDS DATA EPOCHS OUT JOBS NOISE EXECUTOR SCHEDULER "
        "RESUME JUNIT JSON",
    ),
    "side-by-side": Command(
        "a lesson as each framework's users write it, in two columns, with its numbers (LESSON=)",
        "-m compare.native.side_by_side", "BACKENDS", "LESSON BACKENDS DTYPE SEED DATA EPOCHS OUT",
    ),
    "native": Command(
        "write what a lesson fixes to a file, for the programs of lessons/native (LESSON=)",
        "-m compare.native", "ANY", "LESSON DTYPE SEED DATA EPOCHS OUT",
    ),
    "compare-records": Command(
        "compare two folders of records, from any two machines or days (OLD= NEW=)",
        "-m compare.compare_records", "ANY", "JUNIT JSON OLD NEW",
    ),
    "diverge": Command(
        "find the first number in which two backends differ, and why (LESSON= A= B= INJECT=)",
        "-m compare.diverge", "dev", "LESSON A B INJECT DTYPE SEED DATA OUT JSON",
    ),
    "port": Command(
        "why does your own model differ from its port? (A=my_keras.py:build B=my_torch.py:Net)",
        "-m triptych port", "keras-torch",
        "A B INPUT BELOW DATA LOSS LOSS_B OPTIMIZER_A OPTIMIZER_B CLIP_NORM MAP WRITE_MAP DTYPE "
        "SEED PAGE JSON JUNIT",
    ),
    "relay": Command(
        'train one model in several frameworks in turn (LEGS="torch:100 jax:100" FORGET=yes)',
        "-m course.relay", "dev", "LESSON LEGS SEED DATA OUT FORGET",
    ),
    "completion": Command("tab completion: bash, zsh or fish", "-m course completion", "ANY"),
    "bench": Command(
        "each backend's epoch against the native program (REPORT=docs/reports/speed.md)",
        "-m benchmarks", "BACKENDS", f"LESSONS {BENCH}",
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
        "test your own adapter against the laws (ADAPTER=mine.py:MyModel)",
        "-m compare.check_adapter", "ANY", "DTYPE ADAPTER",
    ),
    "drift": Command(
        "measure what another version of a framework changes (BACKEND= VERSION=)",
        "-m compare.drift", "ANY", "BACKEND VERSION LESSONS DTYPE EPOCHS SEED OUT",
    ),
    "ledger": Command(
        "which numbers each release of a framework changed (BACKEND= SINCE=2024-01)",
        "-m compare.releases", "numpy", "BACKEND SINCE VERSIONS JOBS FRESH SCHEDULER OUT PAGE",
    ),
    "test": Command(
        "install everything and run the tests (BACKEND=: for one backend)",
        "-m tests", "TESTED", "BACKEND DEVICE SEED",
    ),
    "test-all": Command(
        "also the slow tests and the full matrix of runs",
        "-m tests --all", "TESTED", "BACKEND DEVICE SEED",
    ),
    "mutants": Command(
        'change the code one small step at a time: do the tests notice? (FIND="datasets" JOBS=2)',
        "-m tests.mutation", "dev", "FIND JOBS",
    ),
    "lint": Command("ruff, mypy, and which room imports which", ".ci/lint.py", "dev"),
    "sbom": Command(
        "list what is locked and installed, as CycloneDX (BACKEND= OUT=sbom.json)",
        "-m tools.locks.sbom", "dev", "BACKEND OUT",
    ),
    "audit": Command(
        "look up known vulnerabilities of locked packages; needs the network (BACKEND=)",
        "-m tools.locks.audit", "dev", "BACKEND",
    ),
    "data": Command("rebuild the committed data, check the hashes", "-m datasets.rebuild", "dev"),
    "lock": Command("resolve pyproject.toml into locks/", "-m tools.locks.compile", "dev"),
}  # fmt: skip

# What kit.py does itself, without another program.
BUILT_IN: dict[str, Command] = {
    "doctor": Command("what is installed, what is wrong, and what to do", "", ""),
    "setup": Command("only build the environment (BACKEND=torch)", "", "", "BACKEND"),
    "clean": Command("remove the environment and the caches; results stay", "", ""),
}  # fmt: skip


# The headings of `make help`. A target whose name ends with a number stands here without it.
HEADINGS = {
    "teach": "rehearse grade exercises translations site slides playground",
    "learn": "help lesson lab notebooks check setup doctor clean",
    "compare": "compare side-by-side native compare-records diverge port relay differences "
    "drift ledger",
    "extend": "check-adapter test test-all mutants lint data lock",
    "reports": "bench bench-growth sbom audit",
}


def targets() -> dict[str, Command]:
    """The targets of make, in the order of `make help`; almost all are commands of kit.py."""
    known = {"help": Command("this list; the variables of one target (TARGET=)", "", "", "TARGET")}
    for number, lesson in LESSONS.items():
        about = f"{lesson.title}: {lesson.question}"
        takes = RUN.format(" ".join(lesson.takes).upper())
        known[f"lesson{number}"] = Command(about, "", "BACKEND", takes)
    others = {**COMMANDS, **BUILT_IN}
    del others["completion"]  # completes the options of kit.py, which make does not have
    for name, command in others.items():
        for number in LESSONS if name == "check" else [0]:
            known[f"check{number}" if number else name] = command._replace(
                about=command.about.format(number)
            )
    return known


def by_heading() -> dict[str, dict[str, Command]]:
    """The targets under the headings of `make help`."""
    known = targets()
    return {
        heading: {
            target: known[target]
            for name in names.split()
            for target in known
            if target.rstrip("0123456789") == name
        }
        for heading, names in HEADINGS.items()
    }


def backend_of(arguments: list[str], backends: list[str], option: str = "--backend") -> str:
    """The value of the last --backend, or of --backends; empty where there is none.

    Raises WrongInput for a backend that does not exist.
    """
    pairs = zip(arguments, [*arguments[1:], ""])
    values = [
        word.partition("=")[2] if "=" in word else after
        for word, after in pairs
        if word.split("=")[0] == option
    ]
    for names in values:
        for name in names.replace(",", " ").split() if option == "--backends" else [names]:
            known(name, backends)
    return values[-1].replace(",", " ") if values else ""


def known(name: str, names: list[str], kind: str = "backend") -> str:
    """The name, if it is one of `names`. Raises WrongInput, which suggests the nearest one."""
    if name not in names:
        raise WrongInput(unknown(kind, name, names))
    return name
