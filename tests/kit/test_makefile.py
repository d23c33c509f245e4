"""make passes values on unchanged and never executes them; a misspelt name is an error."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from course.command_table import targets
from course.lessons import LESSONS
from course.variables import ALWAYS, FLAGS, REQUIRED, VARIABLES
from tests.kit import stand_in
from tests.kit.test_make_words import BACKENDS, REFUSED, split

REPOSITORY = Path(__file__).resolve().parents[2]
READ = ("kit.py", "spelling.py", *(f"course/{name}.py" for name in stand_in.READ))

pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="there is no make")

HOSTILE = [
    "x; echo hi",
    "x && touch pwned",
    "x | touch pwned",
    "$(shell touch pwned)",
    "$(touch pwned)",
    "$$(touch pwned)",
    "${HOME}",
    "$HOME",
    "`touch pwned`",
    "$(warning no)",
    "my results",
    'it\'s "quoted"',
    "one\ntwo",
    "tab\there",
    "# no comment",
    "back\\slash\\",
    "*",
    "~",
    "a=b:=c",
    "-rf",
    "--backend=numpy",
    "%",
    "Größe ✓ 結果",
]
# Errors that need make and kit.py together.
FOR_MAKE = {
    "lesson1 'a b=1'": "unknown target 'a'",
    "'x; touch pwned'": "unknown target 'x;'",
    "'$(shell touch pwned)'": "unknown target '$(shell'",
    "lesson1 BACKEND=pytorch": "unknown backend 'pytorch': did you mean torch?",
}


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A folder with the files that make and kit.py read."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("Makefile", *READ):
        (root / name).parent.mkdir(exist_ok=True)
        shutil.copy(REPOSITORY / name, root / name)
    (root / "course" / "__init__.py").touch()
    for name in ("locks", "lessons", "tests"):
        (root / name).mkdir()
    for name in (*BACKENDS, "lab", "test", "dev"):
        (root / "locks" / f"{name}.txt").touch()
    for number in LESSONS:
        (root / "lessons" / f"lesson{number}_x.py").touch()
    return root


@pytest.fixture
def make(checkout):
    """Run make with a kit.py that only records its arguments and its environment."""
    record = checkout / "record.json"
    python = checkout / "a python"
    # kit.py itself, except that it starts no other process.
    recorder = (
        "import json, os, sys; sys.path.insert(0, '.'); import kit; arguments = []\n"
        "def record(command):\n"
        "    json.dump([arguments, dict(os.environ)], open('record.json', 'w')); return 0\n"
        "kit.ready = lambda backend: None; kit.start = record\n"
        "real = kit.make.words\n"
        "def words(*what):\n"
        "    result = real(*what); arguments.extend(result[0])\n"
        "    return result\n"
        "kit.make.words = words\n"
        "try:\n"
        "    sys.exit(kit.main(sys.argv[2:]))\n"
        "except (kit.Trouble, kit.WrongInput) as error:\n"
        "    from course.wording import as_typed\n"
        "    sys.stderr.write(f'error: {as_typed(str(error))}\\n'); sys.exit(2)\n"
    )
    (checkout / "recorder.py").write_text(recorder, encoding="utf-8")
    script = f'[ "$1" = -c ] || set -- recorder.py "$@"\nexec \'{sys.executable}\' "$@"'
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    ignored = {*VARIABLES, "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}
    clean = {name: text for name, text in os.environ.items() if name not in ignored}

    def make(*arguments, **variables):
        record.unlink(missing_ok=True)
        done = subprocess.run(
            ["make", *arguments],
            cwd=checkout,
            env={**clean, "PYTHON": str(python), **variables},
            capture_output=True,
            text=True,
        )
        assert not (checkout / "pwned").exists()
        return done, *(json.loads(record.read_text()) if record.exists() else ([], {}))

    return make


@pytest.mark.parametrize("value", HOSTILE)
def test_a_value_arrives_unchanged(make, value):
    done, arguments, _ = make("lesson3", f"OUT={value}")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert arguments == ["lesson3", f"--out={value}"]


def test_every_variable_of_a_lesson_becomes_its_option(make):
    names = [n for n in targets()["lesson4"].takes.split() if n not in ("BACKEND", *FLAGS)]
    _, arguments, _ = make("lesson4", *(f"{n}=$(shell touch pwned)`{n}`" for n in names))
    options = [f"{VARIABLES[n].option}=$(shell touch pwned)`{n}`" for n in names]
    assert arguments == ["lesson4", *options]


@pytest.mark.parametrize(
    "line", [*list(REFUSED)[:2], "lesson1 lesson9", "tests", *FOR_MAKE], ids=repr
)
def test_an_error_comes_before_anything_runs(make, line):
    done, _, environment = make(*split(line))
    first, *rest = done.stderr.splitlines()
    assert done.returncode == 2
    assert first.startswith("error: ")
    assert (FOR_MAKE | REFUSED)[line] in first
    assert all(line.startswith("make: ") for line in rest)
    assert environment == {}, "something was run"


def test_a_missing_or_empty_variable_is_not_passed(make):
    assert make("lesson2")[1] == ["lesson2"]
    names = targets()["lesson2"].takes.split()
    assert make("lesson2", *(f"{name}=" for name in names))[1] == ["lesson2"]


def test_one_of_several_targets_may_take_a_variable(make):
    done, arguments, _ = make("lesson1", "check1", "FILE=x.py", "BACKEND=numpy")
    assert (done.returncode, done.stderr) == (0, "")
    assert arguments[-4:] == ["check", "1", "--backend=numpy", "--file=x.py"]


def test_options_and_variables_of_make_itself_are_allowed(make):
    done, arguments, _ = make(
        "-j2", "-k", "-s", "lesson1", "SHELL=/bin/sh", "MAKEFLAGS=-k", "SEED=1"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert arguments == ["lesson1", "--seed=1"]


def test_a_variable_of_the_environment_is_ignored_with_a_note(make):
    """WSL exports NAME, csh HOST; a shell may have SEED or A of its own."""
    for target, names in (("differences", ["NAME"]), ("lesson1", ["HOST", "SEED", "OUT", "DEVICE"]),
                          ("check1", ["FILE"]), ("diverge", ["A", "LESSON"])):  # fmt: skip
        done, arguments, _ = make(target, **dict.fromkeys([*names, "PAGES"], "$(touch pwned)"))
        assert arguments == (["check", "1"] if target == "check1" else [target])
        assert done.returncode == 0
        assert len(done.stderr.splitlines()) == len(names)
        for name in names:
            note = f"note: {name}='$(touch pwned)' of the environment is not used: "
            assert f"{note}`make {target} {name}=…` would be\n" in done.stderr
    done, arguments, _ = make("lesson1", "SEED=7", SEED="8")
    assert (arguments, done.stderr) == (["lesson1", "--seed=7"], "")


def test_torch_index_is_passed_in_the_environment(make):
    for given in ({"TORCH_INDEX": "https://example.org/$(touch pwned)"}, {}):
        words = [] if given else ["TORCH_INDEX=https://example.org/$(touch pwned)"]
        done, arguments, environment = make("lesson1", *words, **given)
        assert (arguments, done.stderr) == (["lesson1"], "")
        assert environment["TORCH_INDEX"] == "https://example.org/$(touch pwned)"
        assert environment["TRIPTYCH_TARGET"] == "lesson1"


def test_variables_of_make_are_removed_from_the_environment(make):
    _, _, environment = make("diverge", "A=torch", "B=jax", "NAMES=")
    assert {"A", "B", "TRIPTYCH_GIVEN", "TRIPTYCH_GOALS"} & set(environment) == set()


def test_a_missing_python_is_an_error(make):
    done, _, _ = make("lesson1", "PYTHON=no such python")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no no such python: set PYTHON=, as in ")


@pytest.mark.parametrize("python", ["/", "Makefile", "cat", "sh", "env", "true", "./old"])
def test_a_program_that_is_no_python_is_an_error(make, checkout, python):
    """A folder, a file without execute permission, programs that can read kit.py, an old Python."""
    (checkout / "old").write_text("#!/bin/sh\necho False\n")
    (checkout / "old").chmod(0o755)
    done, _, environment = make("lesson1", f"PYTHON={python}")
    first, *rest = done.stderr.splitlines()
    assert (done.returncode, done.stdout, environment) == (2, "", {})
    assert first == (
        f"error: there is no {python}: set PYTHON=, as in make lesson1 PYTHON=python3.12"
        if python == "Makefile"
        else f"error: {python} is no Python that can read kit.py: expected 3.11, 3.12 or 3.13, "
        "as in make lesson1 PYTHON=python3.12"
    )
    assert all(line.startswith("make: ") for line in rest)


def test_make_alone_lists_every_target_with_its_help(make):
    done, _, environment = make()
    assert (done.returncode, done.stderr, environment) == (0, "", {})
    listed = dict(re.findall(r"^  (\S+) +(\S.*)$", done.stdout, re.MULTILINE))
    assert listed == {name: command.about for name, command in targets().items()}


def test_help_lists_the_variables_of_one_target(make):
    done, _, environment = make("help", "TARGET=compare")
    assert (done.returncode, done.stderr, environment) == (0, "", {})
    for name in (*targets()["compare"].takes.split(), *ALWAYS):
        assert f", as in {name}={VARIABLES[name].example}\n" in done.stdout
    assert "lesson1" not in done.stdout


def test_help_for_an_unknown_target_suggests_the_nearest(make):
    done, _, _ = make("help", "TARGET=comparee")
    first, *rest = done.stderr.splitlines()
    assert (done.returncode, done.stdout) == (2, "")
    assert first == (
        "error: unknown target 'comparee': did you mean compare? `make help` lists them all"
    )
    assert all(line.startswith("make: ") for line in rest)


def test_the_makefile_names_every_target_for_a_shell_that_completes_them():
    text = (REPOSITORY / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    (named,) = re.findall(r"^targets := (.*)$", text, re.MULTILINE)
    assert sorted(named.split()) == sorted(targets())


def test_every_variable_in_the_table_is_taken_by_a_target():
    taken = {name for command in targets().values() for name in command.takes.split()}
    assert taken | {*ALWAYS} == set(VARIABLES)
    assert {*FLAGS, *REQUIRED} <= taken


def test_make_fails_where_its_program_fails(make):
    assert make("lesson1", "PYTHON=false")[0].returncode == 2
