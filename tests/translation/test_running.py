"""A translated lesson computes the same numbers, and shows all text in its language.

Every lesson is run on the reference, once as it is and once with a mark on each message. That
detects a name that was translated as text, and a text on a figure that was missed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.text import Text

import datasets
from adapters.contract import SettingsError
from course import open_lesson
from course.lesson import Lesson
from course.lessons import LESSONS
from course.record import read_record
from course.runner import run_lesson
from course.settings import Settings
from course.translation import catalogues, labels
from tests.translation.helpers import (
    LANGUAGE,
    LARGE,
    MARK,
    OF_LARGE_TEXT,
    OF_TEXT,
    contrast,
    mark_everything,
)

SHOWN: dict[int, list[tuple[str, str, list[Text]]]] = {}  # by lesson: figure, alt, its texts
# Text on figures that is not translated: names in the data, and of frameworks.
NAMES = {
    *datasets.load("fashion10k").class_names, *"ABCDEFGH",
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


LONG = (4, 5, 6)  # take seconds each; test_messages.py checks their text without a run


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
            settings |= {"epochs": 1, "data": str(a_few_images(out))}
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
