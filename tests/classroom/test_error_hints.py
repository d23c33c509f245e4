"""Hints for beginners: the cause of an error, its place, shapes in words, what still runs."""

from __future__ import annotations

import numpy as np
import pytest

from classroom import error_place
from classroom.error_hints import cause_of
from classroom.excerpt import WIDEST, characters, excerpt
from classroom.program_parts import readable
from classroom.scores import Wrong
from classroom.shapes import in_words, wrong_shape
from course.lessons import LESSONS
from tests.classroom.handing_in import OPENING, solution, student

TWO, THREE = np.ones((2, 3)), np.ones((3, 2))

# Code that stops as beginners' does, and a part of what is to be said about it.
ERRORS = {
    "pirce = 1\nprice": "Did you mean `pirce`?",
    "nowhere_at_all_to_be_seen": "is it spelt as it was above",
    "def f():\n    x += 1\nf()": "gets its value later",
    "import nump": "is the name spelt right",
    "from numpy import arrray_of": "is it spelt right",
    "1 / 0": "can it become 0",
    "[1, 2][2]": "does a loop go one too far".capitalize(),
    "two[2]": "Counting starts at 0",
    "two[0, 0, 0]": "than the array has axes",
    "two[0.5]": "a whole number",
    "{}['weight']": "compare the spelling",
    "two @ two": "agree, and here they are 3 and 2",
    "np.dot(two, two)": "the inner numbers",
    "two * three": "work number by number",
    "two.reshape(4, 2)": "neither adds nor drops",
    "bool(two > 0)": "`.all()`, `.any()`",
    "np.array([[1, 2], [3]])": "equally long",
    "a, b = 1, 2, 3": "not as many names",
    "list(zip([1], [1, 2], strict=True))": "not equally long",
    "two.transpose(0, 1, 2)": "wants each axis once",
    "two.sum(axis=2)": "Axes are counted from 0",
    "two + print()": "did you forget `return`",
    "print().shape": "did you forget `return`",
    "(lambda a, b: a)(1)": "leave its first line as it was",
    "(lambda a: a)(1, 2)": "leave its first line as it was",
    "two(0)": "Round brackets call a function",
    "len[0]": "Square brackets take an entry",
    "sum(5)": "`range(n)` counts up to n",
    "range(2.0)": "whole numbers",
    "[1, 2] * 0.5": "`np.array(…)` makes an array",
    "k = 0.0\n[1, 2][k]": "`np.array(…)` makes an array",
    "'1' - 1": "cannot be computed with one another",
    "[1].shape": "`np.array(…)` makes one",
    "np.arange(3).summ()": "Did you mean `sum`?",
    "2.0 ** 5000": "larger than the computer can hold",
    "np.linalg.inv(np.zeros((2, 2)))": "no single solution",
}
SYNTAX = {
    "x = (1\n": "Each bracket that opens has to close",
    "x = 1)\n": "One bracket too many",
    "x = (1]\n": "One bracket too many",
    "def f()\n    return 1\n": "ends with a colon",
    "def f():\nreturn 1\n": "four spaces further to the right",
    "def f():\n    x = 1\n   return x\n": "four spaces for each level",
    "x = 1\n    y = 2\n": "no colon asked for that",
    "def f():\n    if 1:\n        x = 1\n\ty = 2\n": "use spaces only",
    "x = 'a\n": "quotation mark at its end",
    "x = '''a\n": "quotation mark at its end",
    "x = 2 − 1\n": "type it anew",
    "1 = x\n": "the name on the left",
    "if x = 1:\n    pass\n": "`==` compares",
    "x = [1 2]\n": "stands a comma",
    "return 1\n": "belongs into a function",
    "x = 3 +\n": "at the end of the line before",
}


@pytest.mark.filterwarnings("ignore:invalid value", "ignore:Could not convert")
@pytest.mark.parametrize("code", ERRORS)
def test_the_cause_of_an_error_is_named(code: str) -> None:
    """The messages are those of the installed Python and NumPy."""
    names = {"np": np, "two": TWO, "three": THREE}
    with pytest.raises(Exception) as caught:  # noqa: PT011 - any error of a beginner
        exec(compile(code, "mine.py", "exec"), names)
    report = error_place.report(caught.value, lambda frame: frame.f_code.co_filename == "mine.py")
    assert ERRORS[code] in cause_of(report["error"], report["message"], report["near"])


@pytest.mark.parametrize("code", SYNTAX)
def test_the_cause_of_a_syntax_error_is_named(code: str) -> None:
    program, broken = readable(f"a = 1\n# %%\n{code}\n# %%\nb = 2\n")
    names: dict[str, object] = {}
    exec(program, names)
    assert (names["a"], names["b"]) == (1, 2)
    assert SYNTAX[code] in cause_of(broken[0].kind, broken[0].message)
    assert 3 <= broken[0].line <= 2 + code.count("\n") + 1


def test_an_unknown_error_has_no_invented_cause() -> None:
    assert cause_of("Exception", "no such thing") == ""
    assert cause_of("ValueError", "as raised by the student") == ""


# What still runs of a file that Python cannot read.

FILE = """\
import numpy as np

first = 1


@np.vectorize
def good(x):
    '''Text

at the margin.
    '''
    return x


def bad(x, y):
    return (x


if first == 1:
    second = 2
else:
    second = 3
"""


def test_only_the_part_with_the_mistake_is_left_out() -> None:
    program, (broken,) = readable(FILE)
    names: dict[str, object] = {}
    exec(program, names)
    assert (names["first"], names["second"], names["good"](5)) == (1, 2, 5)
    assert "bad" not in names
    assert broken.names == {"bad"}
    assert (broken.line, broken.columns[0]) == (16, 11)
    assert program.count("\n") == FILE.count("\n")  # the lines that follow have their numbers


@pytest.mark.parametrize("lesson", LESSONS)
def test_a_program_without_a_mistake_is_not_cut(lesson: int) -> None:
    assert readable(solution(lesson)) == (solution(lesson), ())


def test_an_open_bracket_or_text_ends_with_its_cell() -> None:
    for opened in ("x = (", "x = '''", "x = f('''a"):
        program, (broken,) = readable(f"# %%\n{opened}\n# %%\ny = 1\n")
        assert program.strip().endswith("y = 1")
        assert broken.names == {"x"}
        assert broken.line == 2
    notebook = "a = (\n\nb = 1\n"
    assert readable(notebook, cells=(1, 3))[0] == "\n\nb = 1\n"


# The line and its mark.


def test_the_mark_stands_beneath_what_failed() -> None:
    assert excerpt("    return A * B  # why", (11, 16)) == "return A * B  # why\n       ^^^^^"
    assert excerpt("    return (a  # why", (11, -1)) == "return (a  # why\n       ^^"
    assert excerpt("", (0, 5)) == ""
    byte = len("é = ".encode())
    assert characters("é = 1 / 0", (byte, byte + 5)) == (4, 9)
    assert excerpt("x", (40, 99)) == "x\n^"


def test_a_long_line_is_cut_around_its_mark() -> None:
    line = "x = " + "1 + " * 100 + "oops" + " + 1" * 100
    shown, mark = excerpt(line, (404, 408)).split("\n")
    assert len(shown) <= WIDEST
    assert shown[mark.index("^") : mark.rindex("^") + 1] == "oops"


def test_an_error_in_a_call_is_shown_in_the_line_that_calls() -> None:
    text = f"{OPENING}def f(x):\n    return x.reshape(2, 3)\n"
    with student(text) as author:
        with pytest.raises(Wrong, match="in line 5 with ValueError"):
            author.call("f", np.arange(5))
        assert author.excerpt == "return x.reshape(2, 3)\n       ^^^^^^^^^^^^^^^"


# Shapes in words.


@pytest.mark.parametrize(
    ("line", "arguments", "result", "parts"),
    [
        ("def f(A, B):  # (n, k), (k, m) -> (n, m)", (TWO, np.ones((3, 4))), TWO,
         ("a table of 2 rows and 3 columns", "a table of 2 rows and 4 columns", "m is 4")),
        ("def f(A, B):  # (n, k), (k, m) -> (n, m)", (TWO, np.ones((3, 4))), 5.0,
         ("`f` returns a single number", "(n, m), where n is 2, m is 4")),
        ("def f(x, w):  # (inputs,), (inputs,) -> a number", (np.ones(3), np.ones(3)), np.ones(3),
         ("a row of 3 numbers, shape (3,)", "expected is a single number")),
        ("def f(s):  # (..., classes) -> (..., classes)", (np.ones((5, 4)),), np.ones(5),
         ("a row of 5 numbers", "a table of 5 rows and 4 columns, shape (5, 4)")),
        ("def f(p):  # (h, w) -> (h // 2, w // 2)", (np.ones((4, 6)),), np.ones((4, 6)),
         ("shape (2, 3): (h // 2, w // 2)",)),
        ("def f(p, heads):  # (n, width), a number -> (heads, n, width / heads)",
         (np.ones((3, 8)), 2), np.ones((3, 8)), ("an array with 3 axes, shape (2, 3, 4)",)),
        ("def f(p, w):  # (h, w), (k, m) -> (rows, columns) of sums", (TWO, TWO), np.ones(2),
         ("shape (?, ?)",)),
        ("def f(A):  # (n, k) -> (n, k)", (TWO,), TWO, ()),
        ("def f(A):  # (n, k) -> W, b", (TWO,), 3, ()),
        ("def f(A):", (TWO,), 3, ()),
        ("def f(A):  # (n, k) -> (n,)", (TWO,), "two", ()),
        ("def f(A):  # -> as many as you like", (TWO,), 3, ()),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_said_in_words(
    line: str, arguments: tuple[object, ...], result: object, parts: tuple[str, ...]
) -> None:
    names = line[line.index("(") + 1 : line.index(")")].split(", ")
    sentence = wrong_shape("f", line, dict(zip(names, arguments, strict=True)), result)
    assert bool(sentence) == bool(parts)
    assert all(part in sentence for part in parts), sentence
    assert in_words(()) == "a single number"


RIGHT_SHAPES = {
    1: [("price", (np.ones(3), np.ones(3)))],
    2: [("step", (np.ones(3), np.ones(3), 0.1))],
    3: [("row_by_column", (TWO, THREE)), ("softmax", (TWO,)), ("softmax", (np.ones(4),)),
        ("cross_entropy", (TWO, np.array([0, 1]))), ("doubt", (np.ones((4, 3)),))],
    5: [("ours", (np.ones(3), np.ones(3), 0.9))],
    7: [("slide", (np.ones((5, 6)), np.ones((2, 3)), 1)), ("pool", (np.ones((5, 4)),))],
    8: [("strokes", (np.array([0, 1, 0]), 2)), ("attend", (TWO, TWO, TWO)),
        ("cut", (np.ones((3, 6)), 2)), ("together", (np.ones((2, 3, 4)),))],
}  # fmt: skip


@pytest.mark.parametrize("lesson", RIGHT_SHAPES)
def test_the_comments_of_the_exercises_agree_with_their_solutions(lesson: int) -> None:
    """Else a right shape would be called wrong, and a wrong one would get no sentence."""
    text = solution(lesson)
    for name, arguments in RIGHT_SHAPES[lesson]:
        with student(text, lesson=lesson) as author:
            author.call(name, *arguments)
            assert author.about_answers() == ""
        (line,) = (line for line in text.split("\n") if line.startswith(f"def {name}("))
        names = line[line.index("(") + 1 : line.index(")")].split(", ")
        wrong = np.ones((1,) * 9)
        assert wrong_shape(name, line, dict(zip(names, arguments, strict=True)), wrong), line
