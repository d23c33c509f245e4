"""A message: one piece of a lesson that a reader sees, and where it stands in the text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

INLINE_CODE = re.compile(r"`[^`]+`")


@dataclass(frozen=True)
class Message:
    """Characters start to end of the text, and how a translation is written in their place.

    keeps: what a text holds that its translation must hold too, code and {expressions}.
    """

    text: str
    start: int
    end: int
    kind: str
    keeps: Callable[[str], list[str]]
    write: Callable[[str], str]

    def lost(self, translation: str) -> list[str]:
        """What the translation drops or adds, each as in `without {x:.0f}`; [] if it is sound."""
        try:
            theirs = self.keeps(translation)
        except ValueError as error:
            return [str(error)]
        ours = self.keeps(self.text)
        dropped, added = Counter(ours) - Counter(theirs), Counter(theirs) - Counter(ours)
        found = [f"without {part}" for part in dropped] + [f"with a new {part}" for part in added]
        if not found and [p for p in ours if unnamed(p)] != [p for p in theirs if unnamed(p)]:
            found.append("with {} in another order")
        return found


def unnamed(part: str) -> bool:
    """Whether this is a {} or {:g} of str.format, which only its place tells apart."""
    return part.startswith(("{}", "{:", "{!"))


def inline_code(text: str) -> list[str]:
    """What stands between backticks."""
    return INLINE_CODE.findall(text)
