"""Gettext catalogues: their places, and a reader without a library.

    lessons/locale/lesson1.pot          the messages to translate, extracted from the lesson
    lessons/locale/nl/lesson1.po        the same, with Dutch translations
    lessons/locale/course.pot, nl/course.po     the labels that course/plotting writes into figures

A lesson is translated when it runs, directly from the .po: no compiled catalogue can be out of
date, and no package is needed beyond a backend's.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters.contract import SettingsError, TriptychError
from course.lessons import LESSONS
from course.settings import ROOT
from datasets.files import Unreadable, content
from spelling import expected

HOME = ROOT / "lessons" / "locale"
LARGEST = 10_000_000  # bytes of a catalogue; the largest has some 40 thousand
SOURCE_LANGUAGE = "en"  # in which the lessons are written
FIELD = re.compile(r'(?:(msgid|msgstr)\s+)?(".*")')
QUOTED = re.compile(r'"(?:[^"\\\0]|\\[\\"\x27abfnrtvx0-7])*"')


@dataclass
class Entry:
    """A message and its translation, "" if there is none. fuzzy: to be checked by a translator."""

    msgid: str = ""
    msgstr: str = ""
    fuzzy: bool = False


def languages(number: int) -> list[str]:
    """The languages in which a lesson is available."""
    return [SOURCE_LANGUAGE, *sorted(po.parent.name for po in HOME.glob(f"*/lesson{number}.po"))]


def catalogue(number: int, language: str) -> Path:
    """The catalogue of a lesson in a language; raises SettingsError if there is none."""
    if language not in languages(number)[1:]:
        raise SettingsError(
            f"lesson {number} is not available in {language!r}: "
            f"{expected(language, languages(number))}"
        )
    return HOME / language / f"lesson{number}.po"


def source(number: int) -> str:
    """The text of a lesson's file."""
    return (ROOT / "lessons" / LESSONS[number].file).read_text(encoding="utf-8")


def entries(file: Path) -> list[Entry]:
    """All entries of a catalogue except its header; obsolete ones (#~) are comments.

    Raises TriptychError for a line that is not valid, or that uses other features of gettext.
    """
    return [entry for entry in _entries(file) if entry.msgid]


def read(file: Path) -> dict[str, str]:
    """The translation of each message, without missing and fuzzy ones."""
    return {e.msgid: e.msgstr for e in entries(file) if e.msgstr and not e.fuzzy}


def title_and_question(number: int, language: str) -> tuple[str, str]:
    """A lesson's title and its question, in English where the catalogue lacks them."""
    title = f"Lesson {number} · {LESSONS[number].title}"
    question = f"**{LESSONS[number].question}**"  # as in the lesson's text
    words = {} if language == SOURCE_LANGUAGE else read(catalogue(number, language))
    return words.get(title, title), words.get(question, question).strip("*")


def _entries(file: Path) -> Iterator[Entry]:
    entry, field = Entry(), ""
    try:
        text = content(file, LARGEST).decode("utf-8")
    except Unreadable as error:
        raise TriptychError(str(error)) from None
    except UnicodeDecodeError as error:
        raise TriptychError(f"{file} is not UTF-8 text: {error}") from None
    for number, line in enumerate(text.split("\n"), 1):
        line = line.strip()
        match = FIELD.fullmatch(line)
        if match is None and line and not line.startswith("#"):
            raise TriptychError(
                f"{file}, line {number}: expected msgid or msgstr and a text in quotes, "
                f"not {line[:40]!r}"
            )
        if field == "msgstr" and (match is None or match[1] == "msgid"):
            yield entry
            entry, field = Entry(), ""
        if line.startswith("#,"):
            entry.fuzzy |= "fuzzy" in line
        elif match is not None:
            field = match[1] or field
            value = _unquoted(match[2])
            if not field or value is None:
                raise TriptychError(
                    f"{file}, line {number}: expected "
                    f"{'a string literal as in C' if field else 'msgid before a text'}, "
                    f"not {line[:40]!r}"
                )
            setattr(entry, field, getattr(entry, field) + value)
    if field == "msgstr":
        yield entry


def _unquoted(quoted: str) -> str | None:
    """The text between quotes; None for more than one string, or for an invalid escape."""
    if not QUOTED.fullmatch(quoted):
        return None
    try:
        return str(ast.literal_eval(quoted))
    except (SyntaxError, ValueError):  # \x without two digits
        return None
