"""Something of the check's own that a student's function may ask, and cannot look into.

It stays in the check's process. What the student's process holds is a handle with a number below 0,
and each question goes there and back as plain data; so nobody can count differently, or find out
what the answers are made from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.wire_format import Handle


class Lent:
    """A radio, as the lesson's exercise has it, that is turned elsewhere."""

    def __init__(self, handle: Handle, ask: Callable[[list[Any]], Any]) -> None:
        self.handle, self._ask, self.times = handle, ask, 0

    def listen(self, w: Any) -> Any:
        """The loss with the knobs at w."""
        self.times += 1
        return self._ask([w])

    def heard(self) -> int:
        """How often somebody has listened."""
        return self.times

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"this radio has no {name!r}: all that one can do is listen")
