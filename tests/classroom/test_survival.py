"""Whatever a student's file does, the check gives a helpful line and leaves no process behind."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from classroom.check import grade_file
from classroom.limits import Limits, processes_with_mark
from classroom.scores import Wrong
from course.settings import Settings
from tests.classroom.handing_in import GENEROUS, OPENING, QUICK, marks, student
from tests.waiting import PATIENCE, until

SMALL = Limits(memory=400 * 1024**2, processes=12)
FEW = Limits(processes=12)
MISBEHAVIOURS = {
    "an endless loop": ("while True: pass", "runs longer than", QUICK),
    "recursion without end": ("def f(): f()\n    f()", "calls itself without end in line", None),
    "an error": ("x = 1\n    y = x / 0", "in line 6 with ZeroDivisionError: division", None),
    "exit": ("import sys\n    sys.exit(0)", "calls exit() in line 6", None),
    "an exit at once": ("import os\n    os._exit(0)", "ends the whole program", None),
    "a crash": ("import ctypes\n    ctypes.string_at(0)", "crashes the whole of Python", None),
    "input": ("return input()", "asks for input in line 5", None),
    "closed files": ("import os\n    os.closerange(0, 200)", "connection", None),
    "too much returned": ("return 'x' * 10**8", "more than a check can read", None),
    "too many things returned": ("return [[]] * 2 * 10**6", "more than a check can read", None),
    "too much memory": ("a = []\n    while True: a.append(bytearray(2**22))", "memory", SMALL),
    "too much memory, in a copy": (
        "import os\n    os.fork()\n    a = []\n    while True: a.append(b'1' * 2**22)", "memory",
        SMALL,
    ),
    "a fork bomb": ("import os\n    while True: os.fork()", "starts more than 12 processes", FEW),
    "a name lost": ("return nowhere", "NameError: name 'nowhere' is not defined", None),
    "a fork": ("import os\n    os.fork()\n    return 58", "another process does the work", None),
    "dots used": ("a = ...\n    return a + 1", "a `...` that is still there in line 6", None),
    "dots returned": ("return ...", "is still `...`", None),
    "dots left": ("...", "still has a `...` (line 5)", None),
    "interrupted": ("raise KeyboardInterrupt", "KeyboardInterrupt", None),
    "an error that has an error": (
        "class E(Exception):\n        __str__ = 1\n    raise E", "stops in line 7 with E", None,
    ),
    "rubbish for an answer": (
        "import os\n    for n in range(3, 30):\n        try: os.write(n, b'rubbish\\n')\n"
        "        except OSError: pass\n    os._exit(0)", "", None,
    ),
}  # fmt: skip
HARMLESS = {
    "prints megabytes": "print('x' * 10**7)\n    open(2, 'wb').write(b'x' * 10**6)\n    return 58",
    "replaces built-ins": "import builtins\n    builtins.len = builtins.open = None\n    return 58",
    "deletes its file": "import os\n    os.remove(__file__)\n    return 58",
    "leaves its folder": "import os\n    os.chdir('/')\n    return 58",
    "starts a thread": "import threading, time\n"
    "    threading.Thread(target=time.sleep, args=(600,)).start()\n    return 58",
    # As matplotlib does once, where it keeps nothing yet about the system's fonts.
    "has a library ask the system": "import matplotlib.font_manager as fonts\n"
    "    fonts._get_fontconfig_fonts.cache_clear()\n"
    "    fonts._get_fontconfig_fonts()\n    return 58",
}  # fmt: skip
OTHER = "\n\ndef other():\n    return 58\n"


def left_behind(before: set[int]) -> list[int]:
    """New processes of checks that do not end soon."""
    with suppress(AssertionError):
        until(lambda: processes() <= before)
    return sorted(processes() - before)


def processes() -> set[int]:
    """The processes of checks started by this process."""
    return set(processes_with_mark(f"{os.getpid()}-"))


@pytest.mark.sampled(6)
@pytest.mark.parametrize("what", MISBEHAVIOURS)
def test_a_misbehaviour_is_a_hint_and_the_next_exercise_works(what: str) -> None:
    body, hint, limits = MISBEHAVIOURS[what]
    before = processes()
    text = f"{OPENING}def f():\n    {body}\n{OTHER}"
    with student(text, limits or Limits(call=60, loading=120)) as author:
        with pytest.raises(Wrong) as error:
            author.call("f")
        assert hint in str(error.value)
        assert "\n" not in str(error.value)
        assert author.call("other") == 58
    assert left_behind(before) == []


@pytest.mark.parametrize("what", HARMLESS)
def test_harmless_code_has_no_effect(what: str) -> None:
    before = processes()
    with student(f"{OPENING}def f():\n    {HARMLESS[what]}\n{OTHER}") as author:
        assert author.call("f") == 58
        assert author.call("other") == 58
    assert left_behind(before) == []


def test_a_detached_process_is_killed() -> None:
    before = processes()
    daemon = "import os, time\n    if os.fork() == 0:\n        os.setsid()\n" \
             "        if os.fork() == 0: time.sleep(600)\n" \
             "        os._exit(0)\n    return 58"  # fmt: skip
    with student(f"{OPENING}def f():\n    {daemon}\n{OTHER}") as author, pytest.raises(Wrong):
        author.call("f")
    assert left_behind(before) == []


def test_a_file_that_does_not_run_is_one_problem_and_no_points(tmp_path: Path) -> None:
    for text, problem in {
        "x = (\n": "The file stops in line 1 with SyntaxError",
        f"{OPENING}1 / 0\n": "in line 4 with ZeroDivisionError",
        f"{OPENING}raise SystemExit\n": "The file calls exit() in line 4",
        f"{OPENING}import nowhere\n": "in line 4 with ModuleNotFoundError",
        "from classroom import open_exercises\nopen_exercises(2)\n": "lesson 2",
        "\0": "",
    }.items():
        result = marks(text, tmp_path)
        assert problem in result.problem
        assert result.problem
        assert "\n" not in result.problem
        assert result.points == 0 < result.out_of


SOLVED = "price = lambda x, w: sum(x * w)\npredicted_price = 289\n"
SHORT = Limits(call=60, loading=4, total=600)  # for a statement that never ends


@pytest.mark.parametrize(
    ("statement", "note"),
    [
        ("1 / 0", "in line 4 with ZeroDivisionError"),
        ("raise SystemExit", "calls exit() in line 4"),
        ("import os; os._exit(0)", "ends the whole program: a function should return, and not "
         "exit. This was in line 4"),
        ("while True: pass", "runs longer than 4 seconds: is there a loop that never ends? This "
         "was in line 4"),
        ("import builtins; builtins.len = builtins.open = None; 1 / 0", "with ZeroDivisionError"),
        ("def broken(:\n    pass", "in line 4 with SyntaxError"),
        ("return 5", "'return' outside function"),
    ],
)  # fmt: skip
def test_a_statement_that_stops_costs_what_depends_on_it(
    statement: str, note: str, tmp_path: Path
) -> None:
    before = processes()
    limits = SHORT if "while" in statement else GENEROUS
    result = marks(f"{OPENING}{statement}\n{SOLVED}", tmp_path, limits=limits)
    scored = {each.name: each for each in result.exercises}
    assert (scored["by_hand"].points, scored["by_hand"].hint) == (3, "")
    assert [note in each for each in result.notes] == [True]
    assert not result.problem
    assert left_behind(before) == []


def test_statements_that_never_end_are_left_out_only_a_few_times(tmp_path: Path) -> None:
    """A file full of them takes no longer than some runs."""
    text = f"{OPENING}{'while True: pass' + chr(10) * 2}" * 4 + SOLVED
    result = marks(text, tmp_path, limits=Limits(call=60, loading=1, total=600))
    assert "runs longer than 1 seconds" in result.problem
    assert result.points == 0
    assert result.seconds < PATIENCE


def test_what_is_missing_because_of_a_crash_is_traced_to_it(tmp_path: Path) -> None:
    """Through names that need one another, and through functions."""
    text = f"{OPENING}a = 1 / 0\nb = a + 1\npredicted_price = b\ndef price(x, w): return a\n"
    result = marks(text, tmp_path)
    (scored, *_) = result.exercises
    assert "`predicted_price` is missing: the file stops in line 4 with Zero" in scored.hint
    assert scored.excerpt == "a = 1 / 0\n    ^^^^^"
    with student(text) as author, pytest.raises(Wrong, match="needs `a`, and that is missing: the"):
        author.call("price", 1, 2)


def test_annotations_of_the_future_hold_for_every_statement(tmp_path: Path) -> None:
    text = f"from __future__ import annotations\n{OPENING}def f(x: nowhere): return 58\n"
    with student(text) as author:
        assert author.call("f", 1) == 58


def test_the_file_is_not_changed(tmp_path: Path) -> None:
    text = f"{OPENING}open(__file__, 'w').write('gone')\n"
    marks(text, tmp_path)
    assert (tmp_path / "mine.py").read_text(encoding="utf-8") == text
    assert [file.name for file in tmp_path.iterdir()] == ["mine.py"]


def test_a_notebook_is_read_without_its_magic(tmp_path: Path) -> None:
    cells = (
        '{"cell_type": "code", "source": ["%matplotlib inline\\n", "!ls\\n", "x = 1"]},'
        '{"cell_type": "markdown", "source": "not ( code"},'
        '{"cell_type": "code", "source": "from classroom import open_exercises\\n'
        'e = open_exercises(1, backend=\\"torch\\")\\ndisplay(x)\\n1 / 0"}'
    )
    file = tmp_path / "mine.ipynb"
    file.write_text(f'{{"cells": [{cells}]}}', encoding="utf-8")
    result = grade_file(1, file, Settings(backend="numpy"))
    assert "line 4 of code cell 2 with ZeroDivisionError" in result.problem


def test_objects_stay_in_their_process_and_have_methods() -> None:
    text = f"""{OPENING}
class Counter:
    def __init__(self, start):
        self.at = start

    def more(self, by):
        self.at = self.at + by
        return self.at


def of(counter):
    return counter.at
"""
    with student(text) as author:
        counter = author.call("Counter", np.array([1.0, 2.0]))
        assert author.method(counter, "more", 1).tolist() == [2, 3]
        assert author.call("of", counter).tolist() == [2, 3]
        with pytest.raises(Wrong, match="AttributeError"):
            author.method(counter, "less")
        with pytest.raises(Wrong, match="is not in your file"):
            author.call("nothing")
        assert author.source("of").startswith("def of(counter)")


def test_numpy_alone_imports_no_framework() -> None:
    text = (
        f"{OPENING}import sys\nloaded = [n for n in ('torch', 'matplotlib') if n in sys.modules]\n"
    )
    with student(text, backend="torch") as author:
        assert author.value("loaded") == []


def test_the_time_of_all_calls_together_is_limited() -> None:
    text = f"{OPENING}import time\n\n\ndef f():\n    time.sleep(0.6)\n"
    with student(text, Limits(call=30, total=2.0)) as author, suppress(Wrong):
        for _ in range(10):
            author.call("f")
        pytest.fail("six seconds where two are allowed")


def test_descriptors_are_closed() -> None:
    before = len([*Path("/proc/self/fd").iterdir()])
    with student(f"{OPENING}{OTHER}") as author:
        author.call("other")
    assert len([*Path("/proc/self/fd").iterdir()]) == before
