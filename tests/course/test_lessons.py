"""The table of lessons is the only one, and each command serves or refuses another lesson."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from classroom import notebooks
from compare.budgets import LARGEST, TRAJECTORY, budget_of
from course.lessons import LESSONS, RELAYED, TRACEABLE, WITH_WORKERS, LessonInfo
from course.settings import ROOT
from tests.waiting import PATIENCE

COPIED = ("classroom", "compare", "course", "docs", "lessons", "tools")  # they look beside them
LINKED = ("adapters", "datasets", "injections", "locks", "tests", "triptych")
# Such a table would be a second one. The budgets are the judge's own, and are checked below.
EXEMPT = ("course/lessons.py", "compare/budgets.py", "tests/judging/test_gaps_and_budgets.py")

NEXT = max(LESSONS) + 1  # the number of a lesson that does not exist yet
ANOTHER = f"""from adapters.contract import SGD, Dense, Net
from course import open_lesson

lesson = open_lesson({NEXT})
x = lesson.numbers([[1.0], [2.0], [3.0]])
lesson.train("run", Net((Dense(1, 1),), "squared"), SGD(0.1), x, x, epochs=2, batch_size=3)
lesson.finish()
"""
FILE = f"lesson{NEXT}_another.py"
ENTRY = f'    {NEXT}: LessonInfo("{FILE}", "Another", "Does it run?", traceable=True),\n'


class Case(NamedTuple):
    """A command for that lesson, its exit status, and a part of what it prints."""

    command: str
    status: int
    words: str


RELAYS = f"unknown lesson '{NEXT}': expected one of {', '.join(map(str, RELAYED))}"
CASES = [
    Case(f"course lesson{NEXT} --backend=numpy --out=out", 0, f"Lesson {NEXT} · Another  Does it"),
    Case(f"course lesson{NEXT} --backend=torch --workers=2", 2, f"error: lesson {NEXT} trains on"),
    Case(f"course lesson{NEXT} --backend=numpy --language=nl", 2, f"error: lesson {NEXT} is not"),
    Case(f"compare --lesson={NEXT} --backends=numpy --no-noise", 0, "trajectory"),
    Case(f"compare.matrix --lessons {NEXT} --backends numpy --seeds 0", 0, "# Measured agreement"),
    Case(f"compare.diverge --lesson={NEXT} -b numpy --inject=loss_reduction", 1, "sum_for_mean"),
    Case(f"course.relay --lesson={NEXT}", 2, RELAYS),
    Case("course.translation check", 1, f"lessons/locale/lesson{NEXT}.pot differs from the lesson"),
    Case(f"classroom.check {NEXT} --backend=numpy", 2, f"error: lesson {NEXT} has no exercises"),
    Case(f"classroom.grade handed_in --lesson={NEXT} --backend=numpy --trust", 0,
         f"lesson {NEXT} has no exercises"),
    Case("tools.slides", 2, f"error: lesson {NEXT} has no deck of slides"),
]  # fmt: skip


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str | int]]:
    """The outcome of each command, in a checkout with another lesson."""
    root = tmp_path_factory.mktemp("checkout")
    for name in COPIED:
        ignored = shutil.ignore_patterns("__pycache__", "*.png")
        shutil.copytree(ROOT / name, root / name, ignore=ignored)
    for name in LINKED:
        (root / name).symlink_to(ROOT / name, target_is_directory=True)
    for name in ("spelling.py", "kit.py", "pyproject.toml"):
        shutil.copy(ROOT / name, root)
    (root / "lessons" / FILE).write_text(ANOTHER, encoding="utf-8")
    table = root / "course" / "lessons.py"
    text = table.read_text(encoding="utf-8")
    table.write_text(text.replace("}  # fmt: skip\n", f"{ENTRY}}}\n"), encoding="utf-8")
    (root / "handed_in").mkdir()
    answers = f"from classroom import open_exercises\nwork = open_exercises({NEXT})\n"
    (root / "handed_in" / "anna.py").write_text(answers, encoding="utf-8")
    (root / "commands.json").write_text(json.dumps([case.command.split() for case in CASES]))
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.forked", "commands.json"], cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True, check=False,
        timeout=PATIENCE,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return dict(zip((case.command for case in CASES), json.loads(done.stdout), strict=True))


@pytest.mark.skipif(os.name == "nt", reason="Windows has no forks, and links need a privilege")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.command)
def test_another_lesson_is_served_or_refused(
    outcomes: dict[str, dict[str, str | int]], case: Case
) -> None:
    outcome = outcomes[case.command]
    assert outcome["status"] == case.status, outcome
    assert case.words in f"{outcome['out']}{outcome['err']}"
    assert "Traceback" not in f"{outcome['out']}{outcome['err']}"
    if case.status == 2:
        errors = [line for line in str(outcome["err"]).splitlines() if "error: " in line]
        assert len(errors) == 1, outcome["err"]


def test_another_lesson_becomes_a_notebook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / FILE
    file.write_text(ANOTHER, encoding="utf-8")
    monkeypatch.setitem(LESSONS, NEXT, LessonInfo(str(file), "Another", "Does it run?"))
    made = notebooks.notebook(NEXT, "numpy")
    assert f"open_lesson({NEXT}, backend=BACKEND)" in notebooks.text(made)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_lesson_has_the_budget_in_the_table_or_its_networks(dtype: str) -> None:
    """The networks of the others are in `tests/judging/test_budgets_of_networks.py`."""
    for number in LESSONS.keys() & LARGEST.keys():
        assert budget_of(number, dtype) is TRAJECTORY[number, dtype]
    assert set(LARGEST) <= set(LESSONS)


def test_each_lesson_has_its_files() -> None:
    for number, lesson in LESSONS.items():
        needed = [f"lessons/{lesson.file}", f"docs/guide/lesson{number}.md"]
        assert [name for name in needed if not (ROOT / name).is_file()] == []
    files = {file.name for file in (ROOT / "lessons").glob("lesson*.py")}
    assert files == {lesson.file for lesson in LESSONS.values()}


def test_what_each_lesson_is_made_for() -> None:
    assert (TRACEABLE, RELAYED, WITH_WORKERS) == ((1, 2, 3, 4, 7, 8), (4, 7), (3, 4, 7))
    assert [LESSONS[number].relayed for number in RELAYED] == [("momentum", "adam"), ("windows",)]


def test_no_other_module_lists_all_lessons() -> None:
    everywhere = [
        file
        for file in ROOT.rglob("*.py")
        if not file.relative_to(ROOT).parts[0].startswith(".")
        and file.relative_to(ROOT).as_posix() not in EXEMPT
    ]
    last = str(max(LESSONS))
    found = [
        f"{file.relative_to(ROOT)}:{line}"
        for file in everywhere
        if re.search(rf"\b({last}|{max(LESSONS) + 1})\b", text := file.read_text("utf-8"))
        for line in tables_of_lessons(text)
    ]
    assert found == []


def tables_of_lessons(text: str) -> Iterator[int]:
    """The lines of displays whose keys, or items, are the numbers of all lessons; and of ranges."""
    for node in ast.walk(ast.parse(text)):
        items: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):  # the number may be the first part of a key
            items = [key.elts[0] if isinstance(key, ast.Tuple) and key.elts else key
                     for key in node.keys]  # fmt: skip
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            items = list(node.elts)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            bounds = [each.value for each in node.args if isinstance(each, ast.Constant)]
            if node.func.id == "range" and bounds == [1, max(LESSONS) + 1]:
                yield node.lineno
        numbers = [each.value for each in items
                   if isinstance(each, ast.Constant) and type(each.value) is int]  # fmt: skip
        if len(numbers) == len(items) and set(numbers) == set(LESSONS):
            yield node.lineno


NUMBERS = tuple(LESSONS)
TABLES = (dict.fromkeys(NUMBERS, 0), NUMBERS, range(1, NEXT), {(n, "x"): 0 for n in NUMBERS})


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_a_second_table_would_be_found(table: object) -> None:
    text = f"A = {table}"
    assert list(tables_of_lessons(text)) == [1]
    others = re.sub(rf"\b({max(LESSONS)}|{NEXT})\b", "99", text)
    assert list(tables_of_lessons(others)) == []
