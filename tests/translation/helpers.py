"""Helpers: a language whose messages all end with a mark; the contrast of a colour (WCAG 2.2)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from course.lessons import LESSONS
from course.translation import labels, messages, source

MARK = "‡"
LANGUAGE = "qq"  # no real language has this code


def write(file: Path, words: dict[str, str]) -> Path:
    """A catalogue of these translations, written by Babel."""
    catalogue = Catalog(header_comment="")
    for text, translation in words.items():
        catalogue.add(text, string=translation)
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalogue)
    return file


def mark_everything(home: Path) -> None:
    """A catalogue for each lesson and for the labels of course/."""
    texts: dict[str, Iterable[str]] = {"course": (m.text for m in labels.messages())}
    texts |= {f"lesson{n}": [m.text for m in messages(source(n))] for n in LESSONS}
    for name, lines in texts.items():
        write(home / LANGUAGE / f"{name}.po", {text: text + MARK for text in lines})


# Success criteria 1.4.3 and 1.4.11: text, large text, and meaningful graphics.
OF_TEXT, OF_LARGE_TEXT, OF_GRAPHICS = 4.5, 3.0, 3.0
LARGE = {"normal": 18.0, "bold": 14.0}  # points


def luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance of a colour in sRGB, each part from 0 to 1."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(rgb: tuple[float, float, float]) -> float:
    """The contrast ratio with white: 1 for white itself, 21 for black."""
    return 1.05 / (luminance(rgb) + 0.05)
