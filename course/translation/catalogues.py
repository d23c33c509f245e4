"""Gettext catalogues: where they are, and reading one without a library.

    lessons/locale/lesson1.pot          what there is to translate, extracted from the lesson
    lessons/locale/nl/lesson1.po        the same with Dutch beside it
    lessons/locale/course.pot, nl/course.po     the words that course/ writes into figures

A lesson is translated when it is run, from the .po itself: nothing is compiled that could be out of
date, and nobody needs more than a backend.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import SettingsError, TriptychError
from course.settings import CHAPTERS, ROOT
from datasets.files import Unreadable, content
from spelling import expected

HOME = ROOT / "lessons" / "locale"
LARGEST = 10_000_000  # bytes of a catalogue; the largest has some 40 thousand
SOURCE_LANGUAGE = "en"  # what the lessons are written in
FIELD = re.compile(r'(?:(msgid|msgstr)\s+)?(".*")')
QUOTED = re.compile(r'"(?:[^"\\\0]|\\[\\"\x27abfnrtvx0-7])*"')


@dataclass
class Entry:
    """A message and its translation, "" where there is none; fuzzy: a machine's guess."""

    msgid: str = ""
    msgstr: str = ""
    fuzzy: bool = False


def languages(number: int) -> list[str]:
    """The languages that a lesson can be read in."""
    return [SOURCE_LANGUAGE, *sorted(po.parent.name for po in HOME.glob(f"*/lesson{number}.po"))]


def catalogue(number: int, language: str) -> Path:
    """The catalogue of a lesson; raises SettingsError where there is none."""
    if language not in languages(number)[1:]:
        raise SettingsError(
            f"lesson {number} is not there in {language!r}: {expected(language, languages(number))}"
        )
    return HOME / language / f"lesson{number}.po"


def source(number: int) -> str:
    """The text of a lesson as it stands in its file."""
    return (ROOT / "lessons" / CHAPTERS[number].file).read_text(encoding="utf-8")


def entries(file: Path) -> list[Entry]:
    """All entries of a catalogue but its header; those that are out of use (#~) are comments.

    Raises TriptychError for a line that gettext would not take, or takes and this kit does not use.
    """
    return [entry for entry in _entries(file) if entry.msgid]


def read(file: Path) -> dict[str, str]:
    """What each message is in the other language; what is missing or fuzzy is left out."""
    return {e.msgid: e.msgstr for e in entries(file) if e.msgstr and not e.fuzzy}


def told(number: int, language: str) -> tuple[str, str]:
    """A lesson's title and its question; what the catalogue lacks stays English."""
    title = f"Lesson {number} · {CHAPTERS[number].title}"
    question = f"**{CHAPTERS[number].question}**"  # as the lesson itself writes it
    words = {} if language == SOURCE_LANGUAGE else read(catalogue(number, language))
    return words.get(title, title), words.get(question, question).strip("*")


def _entries(file: Path) -> Iterator[Entry]:
    entry, field = Entry(), ""
    try:
        text = content(file, LARGEST).decode("utf-8")
    except Unreadable as error:
        raise TriptychError(str(error)) from None
    except UnicodeDecodeError as error:
        raise TriptychError(f"{file} is not text in UTF-8: {error}") from None
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        found = FIELD.fullmatch(line)
        if found is None and line and not line.startswith("#"):
            raise TriptychError(
                f"{file}, line {number}: expected msgid or msgstr and a text in quotes, "
                f"not {line[:40]!r}"
            )
        if field == "msgstr" and (found is None or found[1] == "msgid"):
            yield entry
            entry, field = Entry(), ""
        if line.startswith("#,"):
            entry.fuzzy |= "fuzzy" in line
        elif found is not None:
            field = found[1] or field
            said = _unquoted(found[2])
            if not field or said is None:
                raise TriptychError(
                    f"{file}, line {number}: expected "
                    f"{'a text as C writes it' if field else 'msgid before a text'}, "
                    f"not {line[:40]!r}"
                )
            setattr(entry, field, getattr(entry, field) + said)
    if field == "msgstr":
        yield entry


def _unquoted(quoted: str) -> str | None:
    """The text between quotes; None where it is not one text, or has escapes that mean nothing."""
    if not QUOTED.fullmatch(quoted):
        return None
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):  # \x without its two digits
        return None
