"""A radio that a student's function can listen to, but not look into.

The radio itself is in the check's process. The student's process has only a handle with a negative
number; each question and answer crosses as plain data. So a student cannot change the count of
calls, or read the data behind the answers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from classroom.wire_format import Handle


class RadioProxy:
    """The radio of the exercise, computed in the check's process."""

    def __init__(self, handle: Handle, ask: Callable[[list[Any]], Any]) -> None:
        self.handle, self._ask, self.times = handle, ask, 0

    def listen(self, w: Any) -> Any:
        """The loss with the knobs at w, shape (knobs,)."""
        self.times += 1
        return self._ask([w])

    def heard(self) -> int:
        """The number of calls of `listen`."""
        return self.times

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise AttributeError(f"this radio has no {name!r}: all that one can do is listen")
