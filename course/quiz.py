"""The quiz questions of each lesson, from lessons/quiz/: for notebooks, the site and the slides."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.contract import TriptychError, require
from course.settings import ROOT

HOME = ROOT / "lessons" / "quiz"
LETTERS = "ABCDEF"


@dataclass(frozen=True)
class Answer:
    """One answer to choose, and why it is right or wrong."""

    text: str
    why: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with its answers, exactly one of which is right."""

    ask: str
    answers: tuple[Answer, ...]

    @property
    def right(self) -> tuple[str, Answer]:
        """The right answer, and its letter."""
        return next((letter, a) for letter, a in self.lettered if a.right)

    @property
    def lettered(self) -> list[tuple[str, Answer]]:
        """The answers in their order, each with a letter."""
        return list(zip(LETTERS, self.answers, strict=False))

    @property
    def texts(self) -> list[str]:
        """All that a reader sees of it, in order."""
        return [self.ask, *(text for a in self.answers for text in (a.text, a.why))]


def file_of(number: int) -> Path:
    """The file of a lesson's questions."""
    return HOME / f"lesson{number}.toml"


def questions(number: int, words: dict[str, str] | None = None) -> tuple[Question, ...]:
    """The questions of a lesson, if it has any yet. words: translations; else a text stays English.

    Raises TriptychError for a question without exactly one right answer, or an answer that does not
    explain.
    """
    words = words or {}
    if not file_of(number).is_file():
        return ()
    content = tomllib.loads(file_of(number).read_text(encoding="utf-8"))
    return tuple(_question(entry, number, words) for entry in content["question"])


def _question(entry: dict[str, Any], number: int, words: dict[str, str]) -> Question:
    def text(value: str) -> str:
        return words.get(value, value)

    answers = tuple(
        Answer(text(a["text"]), text(a.get("why", "")), a.get("right", False))
        for a in entry["answer"]
    )
    where = f"lessons/quiz/lesson{number}.toml: {entry['ask']!r}"
    count = sum(answer.right for answer in answers)
    require(count == 1, f"{where} has {count} right answers, not one", TriptychError)
    for answer in answers:
        require(bool(answer.why.strip()), f"{where}: {answer.text!r} has no `why`", TriptychError)
    return Question(text(entry["ask"]), answers)
