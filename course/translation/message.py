"""A message: one piece of a lesson that a reader sees, with its place in the source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

INLINE_CODE = re.compile(r"`[^`]+`")


@dataclass(frozen=True)
class Message:
    """The text between two characters of the source, and how to write a translation there.

    keeps: finds the parts of a text that its translation must contain too, code and {expressions}.
    """

    text: str
    start: int
    end: int
    kind: str
    keeps: Callable[[str], list[str]]
    write: Callable[[str], str]

    def lost(self, translation: str) -> list[str]:
        """The parts that a translation drops or adds, each as in `without {x:.0f}`; [] if none."""
        try:
            theirs = self.keeps(translation)
        except ValueError as error:
            return [str(error)]
        ours = self.keeps(self.text)
        dropped, added = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
        result = [f"without {part}" for part in dropped] + [f"with a new {part}" for part in added]
        if not result and [p for p in ours if unnamed(p)] != [p for p in theirs if unnamed(p)]:
            result.append("with {} in another order")
        return result


def unnamed(part: str) -> bool:
    """Whether this is a {} or {:g} of str.format, which is identified only by its position."""
    return part.startswith(("{}", "{:", "{!"))


def inline_code(text: str) -> list[str]:
    """The code between backticks."""
    return INLINE_CODE.findall(text)
