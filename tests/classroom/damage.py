"""Damage one exercise of a solution as a beginner does: a crash, no return, a syntax error."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import Final

from classroom.check import exercises
from classroom.solution_markers import BEGIN
from tests.classroom.handing_in import solution

HEADING: Final = re.compile(r"^# ## (\d+) · ", re.MULTILINE)
# A line that crashes, and a part of the hint that names the cause. Each exercise gets one of them.
CRASHES: Final = (
    ("np.ones((2, 3)) @ np.ones((2, 3))", "the inner numbers of the shapes have to agree"),
    ("np.ones(3) + np.ones(2)", "their shapes have to fit"),
    ("pirce = 1 / len(np.zeros(0))", "How can it become 0".lower()),
    ("[1, 2, 3][3]", "Counting starts at 0"),
    ("exercices", "Did you mean `exercises`?"),
    ("max(key=len)", "stops in line"),
    ("(lambda a, b: a)(1)", "count the names in its round brackets"),
    ("(lambda f: f(f))(lambda f: f(f))", "when should it stop?"),
)
KINDS: Final = ("crash", "no return", "syntax")
# Exercises without a function that returns something: values only, or a method that returns none.
NOTHING_TO_RETURN: Final = {(1, "knobs"), (1, "xor"), (4, "corners"), (5, "checkpoint")}


@dataclass(frozen=True)
class Damaged:
    """A solution with one exercise damaged, and parts of the hint that this exercise must get."""

    exercise: str
    kind: str
    text: str
    hints: tuple[str, ...]


def damaged(lesson: int, text: str, exercise: str, kind: str) -> Damaged:
    """The text of a solution, also of one that is damaged elsewhere, with one more damage."""
    position = [each.name for each in exercises(lesson)].index(exercise)
    starts = [match.start() for match in HEADING.finditer(text)] + [len(text)]
    before, section, after = (
        text[: starts[position]], text[starts[position] : starts[position + 1]],
        text[starts[position + 1] :],
    )  # fmt: skip
    change = {"crash": _crash, "no return": _no_return, "syntax": _syntax}[kind]
    section, *hints = change(section, position)
    return Damaged(exercise, kind, before + section + after, tuple(hints))


def with_three(lesson: int, first: int) -> tuple[str, list[Damaged]]:
    """A solution with a damage of each kind, in neighbouring exercises from this one on."""
    names, text, done = [each.name for each in exercises(lesson)], solution(lesson), []
    for shift, kind in enumerate(KINDS):
        name = names[(first + shift) % len(names)]
        if kind != "no return" or (lesson, name) not in NOTHING_TO_RETURN:
            done.append(damaged(lesson, text, name, kind))
            text = done[-1].text
    return text, done


def _crash(section: str, position: int) -> tuple[str, str]:
    line, hint = CRASHES[position % len(CRASHES)]
    if inside := re.search(rf"^( +){BEGIN}\n", section, re.MULTILINE):
        return section[: inside.end()] + f"{inside[1]}{line}\n" + section[inside.end() :], hint
    return _last_value(section, "1 / 0 * "), "how can it become 0"


def _no_return(section: str, position: int) -> tuple[str, str]:
    first, last = _function(section)
    lines = section.split("\n")
    for i in range(first, last):
        lines[i] = re.sub(r"\breturn (?=\S)", "", lines[i])
    return "\n".join(lines), "did you forget `return`"


def _syntax(section: str, position: int) -> tuple[str, ...]:
    if not re.search(rf"^ +{BEGIN}\n", section, re.MULTILINE):
        return _last_value(section, "("), "never closed", "Each bracket that opens"
    first, _ = _function(section)
    lines = section.split("\n")
    if position % 2:
        lines[first] = lines[first].replace("):", ")", 1)
        return "\n".join(lines), "expected ':'", "ends with a colon"
    lines[first] = lines[first].replace("(", "((", 1)
    return "\n".join(lines), "SyntaxError", "in line"


def _last_value(section: str, prefix: str) -> str:
    """The section with this before the last value that a solution in it gives to a name."""
    begin = section.rindex(BEGIN)
    return section[:begin] + re.sub(r"(?<= = )", prefix, section[begin:], count=1)


def _function(section: str) -> tuple[int, int]:
    """The lines, from 0, of the function around the first solution that stands in one."""
    inside = re.search(rf"^ +{BEGIN}\n", section, re.MULTILINE)
    assert inside is not None
    line = section[: inside.start()].count("\n")
    functions = [
        (node.lineno - 1, node.end_lineno or 0) for node in ast.walk(ast.parse(section))
        if isinstance(node, ast.FunctionDef)
    ]  # fmt: skip
    return max(span for span in functions if span[0] < line < span[1])
