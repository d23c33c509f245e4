"""A command line of make becomes arguments of kit.py or one error line; make itself is not run."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from course.command_table import COMMANDS, HEADINGS, WrongInput, by_heading, targets
from course.make import GIVEN, GOALS, help_text, words
from course.variables import ALWAYS, RENAMED, VARIABLES

ROOT = Path(__file__).resolve().parents[2]
BACKENDS = ("numpy", "torch", "jax", "keras")
# Command lines of make, and the arguments of kit.py that they become.
ARGUMENTS = {
    "test": "test",
    "test BACKEND=numpy": "test --backend=numpy",
    "test-all SEED=7": "test-all --seed=7",
    "mutants FIND='a b' JOBS=2": "mutants '--find=a b' --jobs=2",
    "setup": "setup",
    "setup BACKEND=keras": "setup keras",
    "lint": "lint",
    "sbom OUT='a b.json'": "sbom '--out=a b.json'",
    "audit BACKEND=torch": "audit --backend=torch",
    "doctor": "doctor",
    "compare-records OLD='my results' NEW=-x JUNIT=a.xml": (
        "compare-records --junit=a.xml -- 'my results' -x"
    ),
    "check-adapter ADAPTER='-m;x:M'": "check-adapter -- '-m;x:M'",
    "differences": "differences",
    "differences FIND='a b' TOPIC=losses BACKEND=jax RUN=yes PAGE=p.html": (
        "differences --backend=jax '--find=a b' --topic=losses --run --page=p.html"
    ),
    "differences NAME='-x; y' RUN=no": "differences -- '-x; y'",
    "diverge LESSON=3 A='my file.py:Mine' B=jax INJECT='dampening nesterov'": (
        "diverge --lesson=3 '--a=my file.py:Mine' --b=jax '--inject=dampening nesterov'"
    ),
    "lab BACKEND=jax": "lab --backend=jax",
    "lesson1 LESSON_LANGUAGE=nl": "lesson1 --language=nl",
    "lesson4 CHECKPOINT=2 RESUME=auto": "lesson4 --checkpoint=2 --resume=auto",
    "lesson3 WORKERS=4 WORKER_TIMEOUT=9 HOSTS='a b' HOST=1 DRY_RUN=yes": (
        "lesson3 --workers=4 --worker-timeout=9 '--hosts=a b' --host=1 --dry-run"
    ),
    "relay LEGS='torch:9 jax:9' FORGET=1": "relay '--legs=torch:9 jax:9' --forget",
    "bench BACKENDS='numpy jax' THREADS=1 OUT='a b' REPORT='$(x)' RESUME=auto": (
        "bench '--backends=numpy jax' --threads=1 '--out=a b' '--report=$(x)' --resume=auto"
    ),
    "bench-growth REPORT='-x; y'": "bench-growth '--report=-x; y'",
    "check3": "check 3",
    "check1 BACKEND=torch SEED=7 FILE='my $(x).py' JSON=marks.json": (
        "check 1 --backend=torch --seed=7 '--file=my $(x).py' --json=marks.json"
    ),
    "grade SUBMISSIONS='-x; y' CSV=a.csv JOBS=2 TRUST=Yes": (
        "grade --jobs=2 --csv=a.csv --trust -- '-x; y'"
    ),
    "grade SUBMISSIONS=. TRUST=no": "grade -- .",
    "help TARGET=": "help",
    "help TARGET=compare": "help -- compare",
    "help TARGET=check3 PYTHON=python3": "help -- check3",
    "translations": "translations check",
    "translations LESSON_LANGUAGE=nl": "translations check --language=nl",
    "site BACKENDS='numpy torch' EPOCHS=1": "site '--backends=numpy torch' --epochs=1",
    "slides PDF=yes": "slides --pdf",
    "playground OUT='a b.html'": "playground '--out=a b.html'",
    "drift BACKEND=keras VERSION=3.12.0 LESSONS='1 3' EPOCHS=1 DTYPE=float32": (
        "drift --backend=keras --version=3.12.0 '--lessons=1 3' --dtype=float32 --epochs=1"
    ),
    "ledger BACKEND=keras VERSIONS='3.1.1 3.2.1' FRESH=yes OUT='a b'": (
        "ledger --backend=keras '--versions=3.1.1 3.2.1' --fresh '--out=a b'"
    ),
}
# Command lines of make, and a part of the error that each causes.
REFUSED = {
    "lesson1 backend=numpy": "lesson1 takes no backend= (did you mean BACKEND=?)",
    "lesson1 BACKENDS=numpy": "did you mean BACKEND=?",
    "lesson1 EPOCH=1": "did you mean EPOCHS=?",
    "lesson1 EPOCH=1 seed=3": "EPOCH= (did you mean EPOCHS=?) or seed= (did you mean SEED=?)",
    "lesson2 LR=0.1": "did you mean LEARNING_RATE=?",
    "lesson3 KNOBS=1": "lesson3 takes no KNOBS= (it is for lesson1, lesson7, lesson8)",
    "compare BACKEND=torch": "did you mean BACKENDS=?",
    "lesson1 learning_rate=1": "(did you mean LEARNING_RATE=? it is for lesson2, lesson3, lesson4",
    "lesson1 SPEED=1 LR=1": "LR= (did you mean LEARNING_RATE=? it is for lesson2",
    "diverge ENGINE=torch": "(did you mean BACKEND=? it is for lesson1",
    "grade FOLDER=x": "grade takes no FOLDER= (did you mean SUBMISSIONS=?)",
    "bench BACKEND=numpy": "did you mean BACKENDS=?",
    "check2 LESSON=2": "check2 takes no LESSON= (it is for grade, rehearse, compare",
    "lesson3 LESSON=3": "lesson3 takes no LESSON= (it is for grade",
    "lesson3 MAKER=x": "lesson3 takes no MAKER=",
    "lesson3 SHELLS=x": "lesson3 takes no SHELLS=",
    "lesson3 --backend=numpy": "lesson3 takes no --backend= (did you mean BACKEND=?)",
    "lesson1 zzz=1": "lesson1 takes no zzz=: expected some of BACKEND= DTYPE=",
    "check1 FILES=x": "did you mean FILE=?",
    "doctor BACKEND=numpy": "doctor takes no BACKEND=",
    "BACKEND=numpy": "no target is named: expected one, as in `make lesson1 BACKEND=torch`",
    "lesson1 lesson2 EPOCH=1": "none of lesson1, lesson2 takes EPOCH= (did you mean EPOCHS=?)",
    "lesson1 lesson9": "unknown target 'lesson9': expected lesson1 to lesson8",
    "check9": "unknown target 'check9': expected check1 to check8",
    "help TARGET=comparee": "unknown target 'comparee': did you mean compare? `make help`",
    "help TARGET=check9": "unknown target 'check9': expected check1 to check8",
    "help TARGET=$(x)": "unknown target '$(x)': `make help` lists them all",
    "compare TARGET=bench": "compare takes no TARGET= (it is for help)",
    "check": "unknown target 'check': expected check1 to check8",
    "lesson": "unknown target 'lesson': expected lesson1 to lesson8",
    "lesson 3": "did you mean lesson3, in one word?",
    "less3": "unknown target 'less3': did you mean lesson3?",
    "Lesson3": "did you mean lesson3?",
    "tests": "did you mean test?",  # a folder of the checkout
    "notebook": "did you mean notebooks?",
    "nonsense": "unknown target 'nonsense': `make help` lists them all",
    "lesson1 torch": "'torch' is no target but a backend: write BACKEND=torch",
    "lesson1 Torch": "'Torch' is no target but a backend: write BACKEND=torch",
    "pytorch": "'pytorch' is no target but a backend: write BACKEND=torch",
    "lesson1 BACKEND numpy": "'BACKEND' is no target but a variable: write BACKEND=numpy",
    "grade": "grade needs SUBMISSIONS=, as in `make grade SUBMISSIONS=folder`",
    "compare-records NEW=x": "compare-records needs OLD=, as in",
    "drift BACKEND=torch": "drift needs VERSION=, as in",
    "grade SUBMISSIONS=x TRUST=never": "TRUST=never: expected yes or no",
}


def split(line):
    """Split a line into words, as a shell does."""
    return shlex.split(line)


def as_make(line):
    """Return the first target of a line, and the variables that the Makefile exports for it."""
    pairs = [word.split("=", 1) for word in split(line) if "=" in word]
    goals = [word for word in split(line) if "=" not in word]
    given = {GIVEN: " ".join(name for name, _ in pairs), GOALS: " ".join(goals)}
    return [*[goal for goal in goals if goal in targets()], "help"][0], dict(pairs) | given


@pytest.mark.parametrize("line", ARGUMENTS)
def test_a_command_line_becomes_arguments_of_kit(line):
    target, environ = as_make(line)
    assert words(target, environ, BACKENDS) == (split(ARGUMENTS[line]), [])


@pytest.mark.parametrize("line", REFUSED)
def test_a_mistake_is_one_line(line):
    target, environ = as_make(line)
    with pytest.raises(WrongInput) as error:
        words(target, environ, BACKENDS)
    assert REFUSED[line] in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.sampled(3)  # a process each
@pytest.mark.parametrize("target", [t for t, c in COMMANDS.items() if c.runs.startswith("-m")])
def test_a_target_takes_what_its_program_takes(target):
    program = [*COMMANDS[target].runs.split(), *(["check"] if target == "translations" else [])]
    done = subprocess.run(
        [sys.executable, *program, "--help"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    options = {VARIABLES[name].option for name in COMMANDS[target].takes.split()} - {None, ""}
    assert options <= set(re.findall(r"--[a-z][a-z-]*", done.stdout))


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_renamed_variable_works_and_a_line_says_so(old, new):
    target, environ = as_make(f"diverge {old}=dampening")
    arguments, (note,) = words(target, environ, BACKENDS)
    assert arguments == ["diverge", f"{VARIABLES[new][0]}=dampening"]
    assert note.startswith(f"note: {old}= is now called {new}=")


def test_every_target_stands_under_one_of_the_five_headings():
    assert list(HEADINGS) == ["teach", "learn", "compare", "extend", "reports"]
    grouped = [target for commands in by_heading().values() for target in commands]
    assert sorted(grouped) == sorted(targets())


def test_help_groups_the_targets_by_heading():
    """A line of each heading, then its targets, each indented, then an empty line."""
    blocks = [block.splitlines() for block in help_text().split("\n\n")]
    for (heading, commands), block in zip(by_heading().items(), blocks, strict=False):
        assert block[0] == heading.capitalize()
        assert [line.split()[0] for line in block[1:]] == list(commands)
        assert all(line.startswith("  ") for line in block[1:])
    assert [block[0] for block in blocks if block[0].istitle()] == [
        "Teach", "Learn", "Compare", "Extend", "Reports"
    ]  # fmt: skip


@pytest.mark.parametrize("target", targets())
def test_help_for_a_target_lists_its_variables_with_an_example_each(target):
    command = targets()[target]
    title, empty, *lines = help_text("--", target).splitlines()
    assert (title, empty) == (f"make {target} – {command.about}", "")
    names = [*command.takes.split(), *ALWAYS]
    assert [line.split()[0] for line in lines] == names
    for name, line in zip(names, lines, strict=True):
        assert line.endswith(f", as in {name}={VARIABLES[name].example}")
        assert VARIABLES[name].about in line
