"""Lessons in other languages, from gettext catalogues; a lesson's source stays one plain file.

The texts that a reader sees are extracted from the lesson (prose.py: its markdown; code.py: its
strings), looked up in a catalogue, and replaced. Everything else stays, to the byte.
"""

from __future__ import annotations

from pathlib import Path

from adapters.contract import TriptychError
from course.translation.catalogues import SOURCE_LANGUAGE, catalogue, languages, read, source
from course.translation.code import code
from course.translation.message import Message
from course.translation.prose import prose

__all__ = ["catalogue", "languages", "messages", "source", "translated", "translated_code"]


def messages(text: str) -> list[Message]:
    """The messages of a lesson's py:percent text, in order."""
    return sorted([*prose(text), *code(text)], key=lambda message: message.start)


def translated(source: str, language: str, catalogue: Path) -> str:
    """A lesson's py:percent text in another language; missing translations stay English.

    Raises TriptychError for a translation that loses an {expression} or a piece of `code`.
    """
    if language == SOURCE_LANGUAGE:
        return source
    return _replaced(source, messages(source), catalogue)


def translated_code(source: str, language: str, catalogue: Path) -> str:
    """The same without the prose, so that every line keeps its number for tracebacks."""
    return source if language == SOURCE_LANGUAGE else _replaced(source, code(source), catalogue)


def _replaced(source: str, messages: list[Message], catalogue: Path) -> str:
    words, parts, at = read(catalogue), [], 0
    for message in messages:
        translation = words.get(message.text, message.text)
        if translation == message.text:
            continue
        for lost in message.lost(translation):
            raise TriptychError(f"{catalogue}: the translation of {message.text!r} is {lost}")
        parts += [source[at : message.start], message.write(translation)]
        at = message.end
    return "".join([*parts, source[at:]])
