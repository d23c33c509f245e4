"""The cell `check(3)`: points and hints within the notebook, in a real kernel.

The exercises of a notebook are filled in from the solution, some of them with a mistake.
"""

from __future__ import annotations

import subprocess
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jupytext
import numpy as np
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from adapters.contract import SettingsError
from classroom import notebooks, opening
from classroom.check import exercises
from classroom.notebook_check import check
from classroom.notebook_report import Report
from classroom.student import Student
from classroom.student_process import StudentProcess
from course.lessons import LESSONS
from course.settings import ROOT, Settings
from tests.classroom.cheats import CHEATS
from tests.classroom.handing_in import marks, solution
from tests.classroom.hints import COURSE, Cheat, wrong_answers

BACKENDS = ("numpy", "torch")
SET_UP = 2  # code cells before that of `open_exercises`


def filled_in(lesson: int, backend: str, text: str) -> NotebookNode:
    """The exercise notebook, with the code of this solution in its cells."""
    node = notebooks.exercises_notebook(lesson, backend)
    code = [cell for cell in node.cells
            if cell.cell_type == "code" and not cell.source.startswith("check(")]  # fmt: skip
    solved = [cell.source for cell in jupytext.reads(text, fmt="py:percent").cells
              if cell.cell_type == "code"]  # fmt: skip
    for cell, source in zip(code[SET_UP + 1 :], solved[1:], strict=True):
        cell.source = source
    for cell in node.cells:  # as in JupyterLab, one goes on after an error
        cell.metadata.tags = ["raises-exception"]
    return node


def answers(node: NotebookNode) -> dict[str, str]:
    """What each of the notebook's checks answers, as text."""
    result = {}
    for cell in notebooks.execute(node).cells:
        if cell.source.startswith("check("):
            (output,) = cell.outputs
            assert output.output_type == "execute_result", output
            assert "<p>" in output.data["text/html"]
            result[cell.source] = output.data["text/plain"]
    return result


@pytest.mark.parametrize("lesson", LESSONS)
@pytest.mark.parametrize("backend", BACKENDS)
@pytest.mark.sampled(3)
def test_a_solved_notebook_has_all_points(lesson: int, backend: str) -> None:
    """In every lesson, without a hint, and with the same points as the command's."""
    found = answers(filled_in(lesson, backend, solution(lesson)))
    of_lesson = exercises(lesson)
    total = f"{sum(each.points for each in of_lesson)} of {sum(e.points for e in of_lesson)} points"
    for n, each in enumerate(of_lesson, 1):
        line, *rest = found[f"check({n})"].split("\n")
        assert line == f"✓ {each.points}/{each.points}  {n} · {each.title}"
        assert len(rest) == 1  # how many points there are so far
    assert found["check()"].endswith(f"{total}: well done!")


MISTAKES = {
    "    return product\n": "    return A * B\n",  # 1: the classic
    "    return pieces /": "    pieces /",  # 2: nothing is returned
    "    cake = np.log(np.exp(scores).sum(axis=1))": "    cake = np.log(np.exp(scores).sum(axis=1)",
    "predicted_losses = 3": "predicted_losses = 2",
    "    first, second = np.sort(": "    while True:\n        pass\n    first = np.sort(",
}
HINTS = {
    "check(1)": ("0/4", "shapes (2,3) (3,2)", "their shapes have to fit", "return A * B\n",
                 "       ^^^^^\n"),
    "check(2)": ("0/5", "did you forget `return`", "`return` hands it over"),
    "check(3)": ("0/4", "`cross_entropy` is missing", "'(' was never closed",
                 "cake = np.log(np.exp(scores).sum(axis=1)"),
    "check(4)": ("3/4",),
    "check(5)": ("5/5",),
    "check(6)": ("0/4", "longer than 1 seconds: is there a loop that never ends"),
}  # fmt: skip


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_mistake_costs_its_exercise_and_gets_its_hint(backend: str) -> None:
    text = solution(3)
    for old, new in MISTAKES.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    # The last cell would call the endless loop itself.
    text = text.replace("doubts = doubt(", "doubts = (lambda shares: None)(")
    node = filled_in(3, backend, text)
    node.cells.insert(0, new_code_cell("from classroom import notebook_check as c\nc.SECONDS = 1"))
    found = answers(node)
    for cell, parts in HINTS.items():
        words = " ".join(found[cell].split())
        assert all(" ".join(part.split()) in words for part in parts), found[cell]
    assert found["check()"].endswith("8 of 26 points so far; still open: 1, 2, 3, 4, 6")


def test_a_check_runs_no_cell_again_and_prints_nothing_else() -> None:
    """It judges what stands in the kernel's names, the last version of each function."""
    node = filled_in(1, "numpy", solution(1))
    at = next(i for i, cell in enumerate(node.cells) if cell.source == "check(1)")
    node.cells[at:] = [
        new_code_cell("runs = 0\nbefore = set(globals())"),
        new_code_cell("def price(x, w):\n    print('spoken')\n    return sum(x) * sum(w)"),
        new_code_cell("check(1)"),
        new_code_cell("def price(x, w):\n    return (x * w).sum()"),
        new_code_cell("check(1)"),
        new_code_cell("def price(x, w)\n    return (x * w).sum()"),
        new_code_cell("check(1)"),
        new_code_cell("print(runs, sorted(n for n in set(globals()) - before if n[0] != '_'))"),
    ]
    node.cells[at + 5].metadata.tags = ["raises-exception"]
    done = notebooks.execute(node).cells
    wrong, right, broken = (done[at + i].outputs[0].data["text/plain"] for i in (2, 4, 6))
    assert "added first and then multiplied" in " ".join(wrong.split())
    assert right.startswith("✓ 3/3")
    assert "expected ':'" in broken
    assert "in line 1 of cell [" in " ".join(broken.split())
    assert len(done[at + 2].outputs) == 1
    assert done[at + 7].outputs[0].text == "0 ['before']\n"


@pytest.mark.parametrize(("lesson", "exercise"), [(1, 1), (2, 1), (2, 3)])
def test_a_right_answer_is_right_where_a_mistake_gives_the_same(
    lesson: int, exercise: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A random house whose price is the product of two sums cost every point of one in 3,000."""
    draws = SimpleNamespace(
        normal=lambda size=(): np.zeros(size),
        uniform=lambda low, high, size=None: high * np.zeros(size or ()),
    )
    monkeypatch.setattr(Student, "random", lambda *_: draws)
    report = in_memory(solution(lesson), lesson, exercise)
    assert str(report).startswith("✓"), report


COLLECTED = """
import gc
predicted_price = 289
def price(x, w):
    cycles = [[] for _ in range(10_000)]
    for cycle in cycles:
        cycle.append(cycle)
    return (x * w).sum()
"""


def test_a_collection_of_garbage_does_no_work_for_the_student() -> None:
    """Jupyter listens to collections, so that its function ran within the student's."""
    node = filled_in(1, "numpy", solution(1))
    at = next(i for i, cell in enumerate(node.cells) if cell.source == "check(1)")
    cells = [COLLECTED, "check(1)", "print(gc.isenabled())"]
    node.cells[at:] = [new_code_cell(text) for text in cells]
    *_, report, printed = notebooks.execute(node).cells
    assert report.outputs[0].data["text/plain"].startswith("✓ 3/3")
    assert printed.outputs[0].text == "True\n"


def in_memory(text: str, lesson: int, exercise: int | None) -> Report:
    """The report on a program that has run in this process."""
    names: dict[str, Any] = {"__name__": "notebook", "In": ["", *text.split("\n# %%\n")]}
    opening.prepare(opening.Exercises(lesson, Settings(backend="numpy")))
    try:
        with warnings.catch_warnings(action="ignore"):  # of wrong answers
            exec(compile(text, "notebook", "exec"), names)
    finally:
        opening._prepared.set(None)
    return check(lesson, Settings(backend="numpy"), exercise, names)


@pytest.mark.parametrize("lesson", LESSONS)
def test_it_gives_the_points_of_the_command(lesson: int, tmp_path: Path) -> None:
    """For a wrong answer to each exercise, too."""
    text = solution(lesson)
    answered = set()
    for answer in wrong_answers(lesson):
        if answer.exercise not in answered and "\n" not in answer.old:
            answered.add(answer.exercise)
            text = text.replace(answer.old, answer.new)
    by_command = marks(text, tmp_path, lesson).exercises
    by_cell = [scored for _, scored in in_memory(text, lesson, None).exercises]
    assert [each.points for each in by_cell] == [each.points for each in by_command]
    assert {each.name for each in by_cell if each.hint} == {e.name for e in by_command if e.hint}


def test_it_does_not_show_the_solution() -> None:
    for answer in wrong_answers(3):
        (_, scored), = in_memory(
            answer.applied(solution(3)), 3,
            [each.name for each in exercises(3)].index(answer.exercise) + 1,
        ).exercises  # fmt: skip
        shown = repr(Report(((1, scored),), 0, 0, ()))
        assert answer.hint in scored.hint
        assert answer.old.strip() not in shown


@pytest.mark.parametrize("cheat", [c for c in CHEATS if c.lesson == 3 and c.hint == COURSE][:3])
def test_who_does_the_work_is_asked_here_too(cheat: Cheat) -> None:
    """Else the points would be gone when a teacher grades."""
    number = [each.name for each in exercises(3)].index(cheat.exercise) + 1
    ((_, scored),) = in_memory(f"{solution(3)}\n{cheat.code}", 3, number).exercises
    assert scored.points < scored.out_of
    assert COURSE in scored.hint


def test_an_unknown_exercise_is_a_line_that_says_what_to_write() -> None:
    for wrong in (0, 7, "price"):
        with pytest.raises(SettingsError, match=r"check\(1\) to check\(6\), or check\(\)"):
            check(1, Settings(backend="numpy"), wrong, {})  # type: ignore[arg-type]


def test_a_name_that_is_not_there_yet_asks_for_its_cell() -> None:
    (_, scored), = check(1, Settings(backend="numpy"), 1, {"In": [""]}).exercises  # fmt: skip
    assert "run its cell first" in scored.hint
    assert scored.points == 0


INTERRUPTED = """
predicted_price = 289
def price(x, w):
    raise KeyboardInterrupt
"""


def test_a_users_interrupt_ends_the_check() -> None:
    with pytest.raises(KeyboardInterrupt):
        in_memory(INTERRUPTED, 1, 1)


def test_html_shows_untrusted_text_literally() -> None:
    report = in_memory(
        solution(1).replace("    return sum(np.multiply(x, w))",
                            "    if len(x) != 3 or x[0] != 3:\n"
                            "        raise ValueError('<script>alert(1)</script>')\n"
                            "    return 1"), 1, 1,
    )  # fmt: skip
    assert "<script>" not in report._repr_html_()
    assert "&lt;script&gt;" in report._repr_html_()


WINDOWS = """
import os, signal, subprocess, sys
for name in ("fcntl", "grp", "pwd", "resource", "termios", "_posixsubprocess"):
    sys.modules[name] = None
for name in ("killpg", "fork", "getuid", "geteuid", "waitid", "setsid", "sched_getaffinity"):
    delattr(os, name)
for name in ("SIGKILL", "SIGALRM", "setitimer", "alarm"):
    delattr(signal, name)
from classroom.notebook_check import check
from course.settings import Settings
import numpy as np
names = {"predicted_price": 289, "price": lambda x, w: x @ w, "In": [""]}
print(check(1, Settings(backend="numpy"), 1, names))
"""


def test_it_needs_nothing_that_windows_lacks() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WINDOWS], capture_output=True, text=True, check=False, cwd=ROOT
    )
    assert done.stdout.startswith("✓ 3/3  1 · One house by hand"), done.stderr


def test_a_notebook_with_its_checks_is_graded_like_any_other(tmp_path: Path) -> None:
    """The cells `check(3)` do nothing there, and cost nothing."""
    text = notebooks.text(filled_in(1, "numpy", solution(1)))
    result = marks(text, tmp_path, 1, name="mine.ipynb")
    assert (result.points, result.notes, result.problem) == (result.out_of, (), "")


def test_in_grading_a_check_reveals_nothing() -> None:
    """A submission that calls it gets None, and no process of a check knows the answers."""
    text = solution(1) + "\nfound = exercises.check(1)\n"
    from classroom.limits import Limits
    from classroom.sandbox import UNCONFINED
    from classroom.sources import Source

    with StudentProcess(1, Source(text), Settings(backend="numpy"), UNCONFINED, Limits()) as author:
        assert author.value("found") is None
    assert np.isfinite(author.check_seed)
