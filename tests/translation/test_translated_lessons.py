"""A translated lesson has the same numbers and all its text in its language; Dutch is one."""

from __future__ import annotations

import ast
import json
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

import course.runner  # noqa: F401 - once here, and not in each copy of this process
import datasets
from adapters.contract import SettingsError
from course import open_lesson
from course.lesson import Lesson
from course.lessons import LESSONS
from course.plotting.style import COLOURS, LINES
from course.record import read_record
from course.runner import run_lesson
from course.settings import ROOT, Settings
from course.translation import catalogues, labels
from tests.forked import Outcome, module
from tests.texts import few_letters
from tests.translation.helpers import (
    LANGUAGE,
    LARGE,
    MARK,
    OF_GRAPHICS,
    OF_LARGE_TEXT,
    OF_TEXT,
    contrast,
    mark_everything,
)

# These come first: they fork this process, which must not have run a lesson yet.
#
# A lesson in another language at the command line, and figures that everybody can read.


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
# also differ in shape, and never for text (a test below checks every text of every lesson).
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


# A translated lesson computes the same numbers, and shows all text in its language.
#
# Every lesson is run on the reference, once as it is and once with a mark on each message. That
# detects a name that was translated as text, and a text on a figure that was missed.

SHOWN: dict[int, list[tuple[str, str, list[Text]]]] = {}  # by lesson: figure, alt, its texts
# Text on figures that is not translated: names in the data, letters of a text, and of frameworks.
NAMES = {
    *datasets.load("fashion10k").class_names, *"ABCDEFGH",
    *"abcdefghijklmnopqrstuvwxyz", "bigram", "trigram", "4-gram",
    "bedrooms", "bathrooms", "living area", "latitude", "longitude", "year built",
    "PyTorch, 0.1 (its default)", "Keras, 0.99 (its default)",
    "PyTorch, 0.99 (copied from Keras)", "Keras, 0.1 (copied from PyTorch)",
}  # fmt: skip


def a_few_images(folder: Path) -> Path:
    """Some hundred of the usual ones, of all ten classes."""
    whole, file = datasets.load("fashion10k"), folder / "few.npz"
    assert isinstance(whole, datasets.Images)
    np.savez(file, x_train=whole.x_train[:600], y_train=whole.y_train[:600],
             x_test=whole.x_test[:200], y_test=whole.y_test[:200])  # fmt: skip
    return file


LONG = (4, 5, 6, 7, 8)  # take seconds each; test_messages.py checks their text without a run


@pytest.fixture(
    scope="module",
    params=[pytest.param(n, marks=[pytest.mark.slow] * (n in LONG)) for n in LESSONS],
)
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Lesson, Lesson]]:
    """A lesson in English, and in the test language that marks each message."""
    out, show = tmp_path_factory.mktemp("out"), Lesson.show
    number = request.param

    def watched(self: Lesson, figure: Figure, name: str, alt: str) -> None:
        show(self, figure, name, alt)
        if self.settings.language == LANGUAGE:
            texts = [text for text in figure.findobj(Text) if isinstance(text, Text)]
            SHOWN.setdefault(number, []).append((name, alt, texts))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogues, "HOME", out / "locale")
        patch.setattr(Lesson, "show", watched)
        mark_everything(out / "locale")
        labels._patterns.cache_clear()
        settings = {"backend": "numpy", "draw": False, "out": str(out)}
        if number > 2:  # any data will do for the comparison
            own = few_letters(out) if number == 8 else str(a_few_images(out))
            settings |= {"epochs": 1, "data": own}
        lessons = [run_lesson(number, Settings(**settings, language=in_)) for in_ in ("en", "qq")]
        yield lessons[0], lessons[1]
    labels._patterns.cache_clear()


def test_the_numbers_are_the_same(pair: tuple[Lesson, Lesson]) -> None:
    """Every array to the last bit, every measure, and the data; in a separate folder."""
    assert all(lesson.finished_in for lesson in pair)
    (ours, our_card), (theirs, their_card) = (
        read_record(lesson.finished_in) for lesson in pair if lesson.finished_in
    )
    assert list(ours) == list(theirs)
    assert all(np.array_equal(ours[name], theirs[name], equal_nan=True) for name in ours)
    assert all(ours[name].dtype == theirs[name].dtype for name in ours)
    for key in ("measures", "hashes", "accuracy", "seed"):
        assert our_card[key] == their_card[key]
    assert their_card["settings"] == our_card["settings"] | {"language": LANGUAGE}
    assert pair[0].finished_in != pair[1].finished_in


def test_every_word_on_a_figure_is_translated(pair: tuple[Lesson, Lesson]) -> None:
    """Also those that course/ writes, and the alternative text."""
    number = pair[0].number
    assert len(SHOWN[number]) >= 3
    for name, alt, texts in SHOWN[number]:
        assert MARK in alt, name
        for text in texts:
            label = text.get_text()
            if any(letter.isalpha() for letter in label) and label not in NAMES:
                assert MARK in label, name


def test_words_on_figures_can_be_read(pair: tuple[Lesson, Lesson]) -> None:
    """Enough contrast with white; text inside a picture may be white."""
    checked = 0
    for name, _, texts in SHOWN[pair[0].number]:
        for text in texts:
            colour, label = to_rgb(text.get_color()), text.get_text()
            if not label.strip() or colour == (1, 1, 1):
                continue
            bold = text.get_fontweight() == "bold"
            large = text.get_fontsize() >= (LARGE["bold"] if bold else LARGE["normal"])
            enough = OF_LARGE_TEXT if large else OF_TEXT
            assert contrast(colour) >= enough, (name, label, text.get_color())
            checked += 1
    assert checked > 10


def test_a_notebook_of_a_lesson_that_is_not_translated_says_so(tmp_path: Path) -> None:
    """Otherwise it would draw English labels without an explanation."""
    with pytest.raises(
        SettingsError, match="lesson 1 is not available in 'fr': expected one of en"
    ):
        open_lesson(1, backend="numpy", language="fr", out=str(tmp_path), draw=False)
    assert not list(tmp_path.iterdir())
