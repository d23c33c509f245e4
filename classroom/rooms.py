"""Where a student's process is started: a room says by which command."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Room(Protocol):
    """Turns a command into one that runs where the room is."""

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command that runs argv with `folder`, which holds the student's copy, as its own."""
        ...


class Open:
    """No walls: a process of the user's own, with limits on time, memory and processes."""

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command itself."""
        return argv


OPEN = Open()
