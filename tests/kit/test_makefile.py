"""make hands values on as they are, and never runs what is in them."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

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
OPTIONS = {
    "BACKEND": "torch",
    "DTYPE": "float64",
    "DEVICE": "cpu",
    "SEED": "7",
    "SEEDS": "5",
    "DATA": "fashion10k",
    "EPOCHS": "1",
    "OUT": "results",
    "KNOBS": "3",
    "LEARNING_RATE": "0.1",
    "THREADS": "2",
}

COMPARED = {
    "LESSON": "3",
    "BACKENDS": "torch keras",
    "DTYPE": "float64",
    "DEVICE": "cpu",
    "SEED": "7",
    "SEEDS": "5",
    "DATA": "fashion10k",
    "EPOCHS": "1",
    "OUT": "results",
    "JOBS": "2",
    "NOISE": "all",
    "EXECUTOR": "dask",
    "SCHEDULER": "tcp://10.0.0.1:8786",
    "RESUME": "auto",
    "JUNIT": "a.xml",
    "JSON": "a.json",
}


@pytest.fixture
def make(tmp_path):
    """Run make in a copy of the Makefile, with a Python that only writes down its arguments."""
    shutil.copy(REPOSITORY / "Makefile", tmp_path)
    python = tmp_path / "a python"
    note = "import json, os, sys; json.dump([sys.argv[1:], dict(os.environ)], open('said', 'w'))"
    python.write_text(f'#!/bin/sh\nexec \'{sys.executable}\' -c "{note}" "$@"\n')
    python.chmod(0o755)
    more = {"ADAPTER", "VERSION", "LESSONS", "TORCH_INDEX", "OLD", "NEW", *COMPARED}
    more |= {"NAME", "FIND", "TOPIC", "RUN", "PAGE"}
    more |= {"FILE", "SUBMISSIONS", "CSV", "TRUST", "PDF", "LESSON_LANGUAGE"}
    more |= {"CHECKPOINT", "RESUME", "LEGS", "FORGET", "REPORT"}
    ours = {*OPTIONS, *more, "PYTHON", "MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES"}
    clean = {name: text for name, text in os.environ.items() if name not in ours}

    def make(*arguments, **variables):
        done = subprocess.run(
            ["make", *arguments],
            cwd=tmp_path,
            env={**clean, "PYTHON": str(python), **variables},
            capture_output=True,
            text=True,
        )
        assert not (tmp_path / "pwned").exists()
        said = tmp_path / "said"
        return done, *(json.loads(said.read_text()) if said.exists() else ([], {}))

    return make


@pytest.mark.parametrize("value", HOSTILE)
@pytest.mark.parametrize("place", ["argument", "environment"])
def test_a_value_arrives_as_it_was_given(make, value, place):
    if place == "argument":
        done, arguments, _ = make("lesson3", f"OUT={value}")
    else:
        done, arguments, _ = make("lesson3", OUT=value)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert arguments == ["kit.py", "lesson3", f"--out={value}"]


@pytest.mark.parametrize("name", OPTIONS)
def test_every_variable_is_safe(make, name):
    _, arguments, _ = make("lesson1", f"{name}=$(shell touch pwned)`touch pwned`")
    option = "--" + name.lower().replace("_", "-")
    assert arguments == ["kit.py", "lesson1", f"{option}=$(shell touch pwned)`touch pwned`"]


def test_every_variable_becomes_its_option(make):
    _, arguments, _ = make("lesson4", *(f"{name}={value}" for name, value in OPTIONS.items()))
    expected = [f"--{name.lower().replace('_', '-')}={value}" for name, value in OPTIONS.items()]
    assert arguments == ["kit.py", "lesson4", *expected]


@pytest.mark.parametrize("name", COMPARED)
def test_every_variable_of_compare_is_safe(make, name):
    _, arguments, _ = make("compare", f"{name}=$(shell touch pwned)`touch pwned`")
    assert arguments == ["kit.py", "compare", f"--{name.lower()}=$(shell touch pwned)`touch pwned`"]


def test_every_variable_of_compare_becomes_its_option(make):
    _, arguments, _ = make("compare", *(f"{name}={value}" for name, value in COMPARED.items()))
    expected = [f"--{name.lower()}={value}" for name, value in COMPARED.items()]
    assert arguments == ["kit.py", "compare", *expected]


def test_what_is_left_out_or_empty_is_not_passed(make):
    assert make("lesson2")[1] == ["kit.py", "lesson2"]
    assert make("lesson2", *(f"{name}=" for name in OPTIONS))[1] == ["kit.py", "lesson2"]


def test_torch_index_is_for_the_environment_only(make):
    _, arguments, environment = make("lesson1", "TORCH_INDEX=https://example.org/$(touch pwned)")
    assert arguments == ["kit.py", "lesson1"]
    assert environment["TORCH_INDEX"] == "https://example.org/$(touch pwned)"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (["test"], ["test"]),
        (["test", "BACKEND=numpy"], ["test", "--backend=numpy"]),
        (["test-all"], ["test-all"]),
        (["mutants", "FIND=a b", "JOBS=2"], ["mutants", "--find=a b", "--jobs=2"]),
        (["setup"], ["setup"]),
        (["setup", "BACKEND=keras"], ["setup", "keras"]),
        (["lint"], ["lint"]),
        (["sbom", "OUT=a b.json"], ["sbom", "--out=a b.json"]),
        (["audit", "BACKEND=torch"], ["audit", "--backend=torch"]),
        (["doctor"], ["doctor"]),
        (["data"], ["data"]),
        (["lock"], ["lock"]),
        (["clean"], ["clean"]),
        (["compare"], ["compare"]),
        (["compare-records"], ["compare-records", "--"]),
        (
            ["compare-records", "OLD=my results", "NEW=-x", "JUNIT=a.xml"],
            ["compare-records", "--junit=a.xml", "--", "my results", "-x"],
        ),
        (["check-adapter"], ["check-adapter", "--"]),
        (["check-adapter", "ADAPTER=-m;x:M"], ["check-adapter", "--", "-m;x:M"]),
        (["differences"], ["differences", "--"]),
        (
            ["differences", "FIND=a b", "TOPIC=losses", "BACKEND=jax", "RUN=$(x)", "PAGE=p.html"],
            [
                "differences",
                "--backend=jax",
                "--find=a b",
                "--topic=losses",
                "--run",
                "--page=p.html",
                "--",
            ],
        ),
        (["differences", "NAME=-x; y"], ["differences", "--", "-x; y"]),
        (
            ["diverge", "LESSON=3", "A=my file.py:Mine", "B=jax", "PLANT=dampening nesterov"],
            [
                "diverge",
                "--lesson=3",
                "--a=my file.py:Mine",
                "--b=jax",
                "--plant=dampening nesterov",
            ],
        ),
        (["lab", "BACKEND=jax"], ["lab", "--backend=jax"]),
        (["lesson1", "LESSON_LANGUAGE=nl"], ["lesson1", "--language=nl"]),
        (
            ["lesson4", "CHECKPOINT=2", "RESUME=auto"],
            ["lesson4", "--checkpoint=2", "--resume=auto"],
        ),
        (
            ["relay", "LEGS=torch:9 jax:9", "FORGET=yes"],
            ["relay", "--legs=torch:9 jax:9", "--forget"],
        ),
        (["bench"], ["bench"]),
        (
            ["bench", "BACKENDS=numpy jax", "THREADS=1", "OUT=a b", "REPORT=$(x)", "RESUME=auto"],
            [
                "bench",
                "--backends=numpy jax",
                "--threads=1",
                "--out=a b",
                "--report=$(x)",
                "--resume=auto",
            ],
        ),
        (["bench-growth", "REPORT=-x; y"], ["bench-growth", "--report=-x; y"]),
        (["notebooks", "OUT=a b"], ["notebooks", "--out=a b"]),
        (["check3"], ["check", "3"]),
        (
            ["check1", "BACKEND=torch", "SEED=7", "FILE=my $(x).py", "JSON=marks.json"],
            ["check", "1", "--backend=torch", "--seed=7", "--file=my $(x).py", "--json=marks.json"],
        ),
        (["grade"], ["grade", "--"]),
        (
            ["grade", "SUBMISSIONS=-x; y", "CSV=a.csv", "JOBS=2", "TRUST=yes"],
            ["grade", "--jobs=2", "--csv=a.csv", "--trust", "--", "-x; y"],
        ),
        (["exercises"], ["exercises"]),
        (["translations"], ["translations", "check"]),
        (["translations", "LESSON_LANGUAGE=nl"], ["translations", "check", "--language=nl"]),
        (
            ["site", "BACKENDS=numpy torch", "EPOCHS=1"],
            ["site", "--backends=numpy torch", "--epochs=1"],
        ),
        (["slides", "PDF=yes"], ["slides", "--pdf"]),
        (["drift"], ["drift"]),
        (
            [
                "drift",
                "BACKEND=keras",
                "VERSION=3.12.0",
                "LESSONS=1 3",
                "EPOCHS=1",
                "DTYPE=float32",
            ],
            [
                "drift",
                "--backend=keras",
                "--version=3.12.0",
                "--lessons=1 3",
                "--dtype=float32",
                "--epochs=1",
            ],
        ),
    ],
)
def test_a_target_is_a_command_of_kit(make, target, expected):
    assert make(*target)[1] == ["kit.py", *expected]


def test_make_alone_lists_every_target_with_its_help(make):
    done, arguments, _ = make()
    assert (done.returncode, done.stderr, arguments) == (0, "", [])
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    (phony,) = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    for name in ("CHAPTERS", "CHECKS"):
        (numbered,) = re.findall(rf"^{name} = (.*)$", makefile, re.MULTILINE)
        phony = phony.replace(f"$({name})", numbered)
    targets = phony.split()
    listed = dict(re.findall(r"^  (\S+) +(\S.*)$", done.stdout, re.MULTILINE))
    assert sorted(listed) == sorted(targets)


def test_a_failure_is_makes_failure_too(make):
    assert make("lesson1", "PYTHON=false")[0].returncode == 2
