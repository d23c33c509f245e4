"""Where a student's process is started: a room says by which command."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from classroom.control_groups import Groups


class Room(Protocol):
    """Turns a command into one that runs where the room is."""

    @property
    def groups(self) -> Groups | None:
        """By which the kernel holds what runs in here; None if it is only watched."""
        ...

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command that runs argv with `folder`, which holds the student's copy, as its own."""
        ...


class Open:
    """No walls: a process of the user's own, with limits on time, memory and processes."""

    groups = None

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command itself."""
        return argv


OPEN = Open()
