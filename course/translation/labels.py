"""Translation of the labels that course/plotting writes into figures, such as "threshold"."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

from course.settings import ROOT
from course.translation import catalogues, literal
from course.translation.code import code
from course.translation.message import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLOTTING = ROOT / "course" / "plotting"
SOURCES = (
    "diagrams.py",
    "charts.py",
    "distributed.py",
    "convolution.py",
    "attention.py",
    "letters.py",
)


def messages() -> list[Message]:
    """The labels in the source of course/plotting."""
    return [m for file in SOURCES for m in code((PLOTTING / file).read_text(encoding="utf-8"))]


def relabel(figure: Figure, language: str) -> None:
    """Translate the labels of a figure that course/plotting has written."""
    if language == catalogues.SOURCE_LANGUAGE:
        return
    from matplotlib.text import Text

    for text in figure.findobj(Text):
        assert isinstance(text, Text)
        for pattern, translation in _patterns(language):
            if match := pattern.fullmatch(text.get_text()):
                text.set_text(_filled(translation, match.groups()))
                break


@cache
def _patterns(language: str) -> list[tuple[re.Pattern[str], list[str | int]]]:
    """A pattern for each label, and its translation: texts, and group numbers of the pattern."""
    file = catalogues.HOME / language / "course.po"
    words = catalogues.read(file) if os.path.lexists(file) else {}
    patterns: list[tuple[re.Pattern[str], list[str | int]]] = []
    for message in messages():
        translation = words.get(message.text)
        if translation is None or message.lost(translation):
            continue
        ours, holes = literal.split(message.text), message.keeps(message.text)
        if not holes:
            patterns.append((re.compile(re.escape(message.text)), [translation]))
            continue
        pattern = "(.*)".join(re.escape(part) for part in ours[::2])
        parts = [
            holes.index(part) if i % 2 else part
            for i, part in enumerate(literal.split(translation))
        ]
        patterns.append((re.compile(pattern, re.DOTALL), parts))
    return patterns


def _filled(translation: list[str | int], values: tuple[str, ...]) -> str:
    return "".join(part if isinstance(part, str) else values[part] for part in translation)
