"""A case of bad input: the input, the call or command, and the expected message."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Files = dict[str, "bytes | Callable[[Path], Any]"]  # what lies in the folder: content, or its maker


@dataclass(frozen=True)
class Case:
    """One row of the table.

    how: the arguments of a command, or a call that gets the folder it may look at.
    says: words of the one line, which name the value and what was expected; empty where it works.
    """

    where: str  # the command, or the function
    what: str
    how: list[str] | Callable[[Path], Any]
    says: tuple[str, ...] = ()
    files: Files = field(default_factory=dict)
    process: bool = False  # in a process of its own, as from a shell

    @property
    def name(self) -> str:
        return f"{self.where}: {self.what}"
