"""The native programs: short, in one order, alone with their framework, and right."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
import tokenize
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import Array
from compare.native import fixed, matrix
from compare.native.programs import (
    FOLDER,
    FRAMEWORKS,
    LARGEST_WIDTH,
    MISSING,
    PARTS,
    STRAIGHT,
    file_of,
    frameworks_of,
    parts,
)
from compare.native.run import started
from compare.native.witness import gaps
from course.lessons import NATIVE
from course.settings import ROOT
from tests.native.conftest import Run
from triptych.differences.reading import read_all

FEWEST, MOST = 8, 40  # lines; scikit-learn needs fewest
MOST_WITH_WINDOWS = 56  # a network of seven layers, and weights in each framework's layout
MOST_WITH_ATTENTION = 95  # two blocks of a transformer, and Adam by its equation
MOST_BY_HAND = {7: 80, 8: 145}  # and the gradients of all of it
PROGRAMS = [(lesson, framework) for lesson in NATIVE for framework in frameworks_of(lesson)]
IMPORTED = {
    "torch": {"torch"},
    "tensorflow": {"tensorflow"},
    "keras": {"keras"},
    "jax": {"jax"},
    "pytensor": {"pytensor"},
    "numpy": set(),
    "sklearn": {"sklearn"},
}
PACKAGES = {"sklearn": "scikit-learn", "keras": "keras tensorflow"}  # of pip
ENTRY = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")  # such as default_float


def text(lesson: int, framework: str) -> str:
    return file_of(lesson, framework).read_text(encoding="utf-8")


def lines_of_code(source: str) -> set[int]:
    """The numbers of the lines that hold more than a comment or the docstring."""
    no_code = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
               tokenize.ENDMARKER)  # fmt: skip
    lines: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in no_code:
            lines.update(range(token.start[0], token.end[0] + 1))
    docstring = ast.parse(source).body[0]
    assert docstring.end_lineno
    return lines - set(range(docstring.lineno, docstring.end_lineno + 1))


def test_there_is_a_program_for_each_lesson_and_framework() -> None:
    assert sorted(FOLDER.glob("*.py")) == sorted(file_of(*program) for program in PROGRAMS)


@pytest.mark.parametrize(("lesson", "framework"), PROGRAMS)
def test_a_program_is_short_and_in_the_order_of_all_others(lesson: int, framework: str) -> None:
    source = text(lesson, framework)
    most = {7: MOST_WITH_WINDOWS, 8: MOST_WITH_ATTENTION}.get(lesson, MOST)
    if framework == "numpy":
        most = MOST_BY_HAND.get(lesson, MOST)
    assert FEWEST <= len(lines_of_code(source)) <= most
    assert max(map(len, source.splitlines())) <= LARGEST_WIDTH
    found = [name for name in parts(source) if name != "top"]
    if (lesson, framework) == (1, "sklearn"):  # Perceptron is model and loss
        assert found == [name for name in PARTS if name != "loss"]
    else:
        assert found == list(PARTS)


@pytest.mark.parametrize(("lesson", "framework"), PROGRAMS)
def test_a_program_stands_alone_with_its_framework(lesson: int, framework: str) -> None:
    source = text(lesson, framework)
    tree = ast.parse(source)
    imported = {alias.name.partition(".")[0] for node in ast.walk(tree)
                if isinstance(node, ast.Import) for alias in node.names}  # fmt: skip
    imported |= {str(node.module).partition(".")[0] for node in ast.walk(tree)
                 if isinstance(node, ast.ImportFrom)}  # fmt: skip
    assert imported - {"numpy"} == IMPORTED[framework] | {"triptych"}
    assert source.count("from triptych.lesson_data import load\n") == 1
    assert f"\n# pip install . {PACKAGES.get(framework, framework)}\n" in source


def test_comments_name_entries_of_the_catalogue() -> None:
    known = {entry.name for entry in read_all()}
    named = {
        word
        for program in PROGRAMS
        for line in text(*program).splitlines()
        for word in ENTRY.findall(line.partition("#")[2])
    }
    assert named <= known
    assert len(named) >= 10  # the test has found them


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_a_program_has_the_numbers_of_every_lesson(
    ran: Run, framework: str, tmp_path: Path
) -> None:
    """From the lesson's weights and batches: losses, final weights and predictions.

    On few images; NumPy's programs have all of them (test_from_outside), but that of lesson 7 and
    the others only in test-all.
    """
    with started(framework, threads=1) as process:
        for number in NATIVE:
            if (number, framework) in MISSING:
                continue
            # scikit-learn divides the penalty by the rows of a batch, so all must be full.
            few = number != 2 and framework != "sklearn"
            lesson, out = ran(number, few=few), tmp_path / f"{number}.npz"
            answer = process.ask({"lesson": number, "data": str(lesson.file), "out": str(out)})
            assert "error" not in answer, answer["error"]
            with np.load(out) as left:
                found = gaps(number, framework, dict(left), lesson.record, lesson.fixed)
            assert [str(gap) for gap in found if not gap.holds] == []
            assert len(found) > 4 or (number, framework) in STRAIGHT or number == 1


@pytest.mark.sampled(1)  # each needs a process of its own: Keras's layers keep their first dtype
@pytest.mark.parametrize("framework", ["torch", "keras", "jax"])
def test_a_program_runs_in_float32_too(ran: Run, framework: str, tmp_path: Path) -> None:
    """Which is what it does by itself; scalars of NumPy's own types are not welcome everywhere."""
    file = tmp_path / "fixed.npz"
    given = ran(3, few=True).fixed.items()
    np.savez(file, **{k: a.astype(np.float32) if a.dtype.kind == "f" else a for k, a in given})
    with started(framework, threads=1) as process:
        out = tmp_path / "left.npz"
        answer = process.ask({"lesson": 3, "data": str(file), "out": str(out)})
        assert "error" not in answer, answer["error"]
        assert {str(a.dtype) for name, a in fixed.read(out).items() if "weight" in name} == {
            "float32"
        }


def test_a_program_that_fails_says_how(ran: Run, tmp_path: Path) -> None:
    with started("numpy", threads=1) as process:
        answer = process.ask({"lesson": 3, "data": str(ran(2).file), "out": str(tmp_path / "x")})
        assert answer["error"].startswith("lesson3_numpy.py: ValueError: LESSON_DATA=")
        assert not (tmp_path / "x").exists()


ALONE = """
import json, runpy, sys
names = runpy.run_path(sys.argv[1])
print(json.dumps([float((names["predicted"] == names["lesson"].y_test).mean()),
                  sorted({name.partition(".")[0] for name in sys.modules})]))
"""


def run_alone(lesson: int, framework: str, folder: Path, **variables: str) -> list[Any]:
    """Run a copy of a program in an empty folder: the share that it gets right, and its modules."""
    copy = folder / "cell.py"
    copy.write_text(text(lesson, framework), encoding="utf-8")
    inherited = {k: v for k, v in os.environ.items() if not k.startswith(("TRIPTYCH", "LESSON"))}
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, str(copy)], cwd=folder, text=True,
        capture_output=True, check=False, env=inherited | {"PYTHONPATH": str(ROOT)} | variables,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    last: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return last


LEARNED = {1: 0.95, 3: 0.82, 4: 0.84, 7: 0.84, 8: 0.42}  # the share of the test rows, by itself


@pytest.mark.parametrize("lesson", [1, 3, 4])
def test_by_itself_it_learns_from_its_own_weights_and_order(lesson: int, tmp_path: Path) -> None:
    """And it needs no module of the course: not even those it could import here."""
    share, modules = run_alone(lesson, "numpy", tmp_path)
    assert share >= LEARNED[lesson]
    ours = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"triptych"}
    assert not ours & set(modules)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("lesson", "framework"), [p for p in PROGRAMS if p[1] != "numpy" and p[0] != 2]
)
def test_every_program_learns_by_itself(lesson: int, framework: str, tmp_path: Path) -> None:
    share, _ = run_alone(lesson, framework, tmp_path, KERAS_BACKEND="tensorflow")
    assert share >= LEARNED[lesson]


def test_the_table_of_all_takes_both_dtypes_and_a_gap_above_its_budget_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matrix, "FRAMEWORKS", {"numpy": matrix.FRAMEWORKS["numpy"]})
    read = matrix.read_record

    def moved_in_float64(folder: Path) -> tuple[dict[str, Array], dict[str, Any]]:
        arrays, card = read(folder)
        shift = 1e-6 if card["dtype"] == "float64" else 0
        return {name: a + shift * ("param_0" in name) for name, a in arrays.items()}, card

    monkeypatch.setattr(matrix, "read_record", moved_in_float64)
    report = tmp_path / "native.md"
    options = ["--lessons=2", "--epochs=40", "--seeds=3", "--backends=numpy"]
    assert matrix.main([*options, f"--report={report}"]) == 1
    rows = [line.split(" | ") for line in report.read_text().splitlines() if "| NumPy |" in line]
    assert [(*row[:2], row[-1]) for row in rows] == [
        ("| 2", "float64", "OVER |"), ("| 2", "float32", "agrees |"),
    ]  # fmt: skip
    assert "over budget (2, 'float64', 3), numpy against numpy" in capsys.readouterr().err
