"""A test language in which every translated message ends with a mark."""

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
