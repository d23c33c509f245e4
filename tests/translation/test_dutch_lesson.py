"""A lesson in another language at the command line, and figures that everybody can read."""

from __future__ import annotations

import ast
import json
import os
from pathlib import Path

import pytest
from matplotlib.colors import to_rgb

import course.runner  # noqa: F401 - once here, and not in each copy of this process
from course.plotting.style import COLOURS, LINES
from course.settings import ROOT
from tests.forked import Outcome, module
from tests.translation.helpers import OF_GRAPHICS, contrast


def lesson_1(folder: Path, *arguments: str, **more: str) -> Outcome:
    return module("course", ["lesson1", "--backend=numpy", *arguments], folder, os.environ | more)


def test_lesson_1_in_dutch(tmp_path: Path) -> None:
    """The same record as in English, beside it and not in its place; nothing is fetched."""
    done = [lesson_1(tmp_path, f"--language={name}") for name in ("en", "nl")]
    assert [d.status for d in done] == [0, 0], done[1].err
    assert done[1].out.startswith("Les 1 · Het perceptron  Wat kan één neuron?\n")
    assert "gescheiden na 14 rondes en 182 fouten" in done[1].out
    folders = sorted((tmp_path / "results" / "lesson1").iterdir(), key=lambda f: len(f.name))
    assert len(folders) == 2
    assert (folders[0] / "record.npz").read_bytes() == (folders[1] / "record.npz").read_bytes()
    english, dutch = (json.loads((f / "card.json").read_text()) for f in folders)
    assert [f["file"] for f in english["figures"]] == [f["file"] for f in dutch["figures"]]
    for ours, theirs in zip(english["figures"], dutch["figures"], strict=True):
        assert ours["alt"] != theirs["alt"]
        assert len(theirs["alt"]) > 40
        drawn = [(folder / ours["file"]).read_bytes() for folder in folders]
        assert drawn[0] != drawn[1]


def test_the_language_of_a_shell_is_not_taken(tmp_path: Path) -> None:
    """gettext's own variables are set on many machines, and mean something else there."""
    done = lesson_1(tmp_path, "--no-figures", LANGUAGE="nl", LANG="nl_BE.UTF-8")
    assert "separated after 14 passes" in done.out


def test_an_unknown_language_is_one_line(tmp_path: Path) -> None:
    """It names those there are, and leaves nothing behind."""
    done = lesson_1(tmp_path, "--language=../nl")
    assert done.status == 2
    expected = "did you mean nl? expected one of en, nl"
    assert done.err == f"error: lesson 1 is not available in '../nl': {expected}\n"
    assert not list(tmp_path.iterdir())


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
