"""Accessible figures: alternative texts, and colours with enough contrast."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from matplotlib.colors import to_rgb

from course.plotting.style import COLOURS, LINES
from course.settings import ROOT
from tests.translation.helpers import OF_GRAPHICS, contrast

ENOUGH = 40  # characters; a shorter one can only be a title
SHOWING = [
    file
    for folder in ("lessons", "lessons/solutions", "lessons/exercises")
    for file in sorted((ROOT / folder).glob("*.py"))
]
# The light colours of Okabe and Ito, with contrast 2.2 and 2.3 on white: for lines and points that
# also differ in shape, and never for text (test_running.py checks every text of every lesson).
WEAK = {"#E69F00", "#56B4E9"}


def without_alt(program: str) -> list[int]:
    """The line numbers of calls of lesson.show with no alternative text, or a short one."""
    lines = []
    for node in ast.walk(ast.parse(program)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "lesson.show":
            alts = [word.value for word in node.keywords if word.arg == "alt"] + node.args[2:3]
            constants = [part.value for alt in alts for part in ast.walk(alt)
                    if isinstance(part, ast.Constant)]  # fmt: skip
            if len("".join(text for text in constants if isinstance(text, str))) <= ENOUGH:
                lines.append(node.lineno)
    return lines


@pytest.mark.parametrize("file", SHOWING, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_figure_has_an_alternative_text(file: Path) -> None:
    assert without_alt(file.read_text(encoding="utf-8")) == []


def test_a_figure_without_one_is_found() -> None:
    short, long = "A plot.", "A curve that falls from one to zero in ten steps."
    assert without_alt(f"lesson.show(f, 'a')\nlesson.show(f, 'a', alt={short!r})") == [1, 2]
    assert without_alt(f"lesson.show(f, 'a', alt=f'{{x}}{short}')\n") == [1]
    assert without_alt(f"lesson.show(f, 'a', alt={long!r})\nlesson.show(f, 'b', {long!r})") == []


def test_colours_stand_out_from_white() -> None:
    """Except for two, which never have to be told apart by colour alone."""
    weak = {colour for colour in COLOURS if contrast(to_rgb(colour)) < OF_GRAPHICS}
    assert weak == WEAK
    assert not weak & set(COLOURS[:3])  # BLUE, ORANGE and GREEN, with which figures are drawn
    assert len(set(LINES)) >= 4  # enough lines that differ in their dashes too


def test_contrast_is_that_of_the_standard() -> None:
    """Black on white is 21, and #767676 the lightest grey that text may have."""
    assert contrast((0, 0, 0)) == pytest.approx(21)
    assert contrast(to_rgb("#767676")) == pytest.approx(4.54, abs=0.005)
