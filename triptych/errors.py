"""Errors that the user can correct."""

from __future__ import annotations


class TriptychError(Exception):
    """The base class: its message is one line that names the value and what to do."""


def require(condition: bool, message: str, error: type[TriptychError] = TriptychError) -> None:
    """Raise `error(message)` unless the condition holds."""
    if not condition:
        raise error(message)
