"""A cheat: code in place of one exercise's answer, and the hint that it must get."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec

COURSE = "the course's own code does the work"
PROCESS = "another process does the work"
LIBRARY = "does the work. Write it yourself"
METHOD = "does the work. Keep the method in your class"
REFUSED = "The course's own files hold answers"
WALKING = "NumPy should not do the walking"
AS_THEY_COME = "Use them as they come"
CHANGED = "are not any more what they were"


@dataclass(frozen=True)
class Cheat:
    """One cheat. code: the text in the file. hint: a part of the expected hint."""

    lesson: int
    exercise: str
    idea: str
    code: str
    hint: str

    @property
    def possible(self) -> bool:
        """Whether the libraries that it imports are installed."""
        needed = re.findall(r"(?:from|import) (scipy|torch)\b", self.code)
        return all(find_spec(name) for name in needed)
