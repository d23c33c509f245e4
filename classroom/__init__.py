"""Where a class works: notebooks, exercises with their checks, and the grading of what comes in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classroom.opening import Exercises

__all__ = ["open_exercises"]


def open_exercises(number: int, **settings: Any) -> Exercises:
    """The first line of every file of exercises: its backend, and a seed.

    settings: backend, dtype, device, seed or threads, as a notebook hands them over; a check has
    the last word. The backend is that of BACKEND= in the environment, or torch.
    """
    from classroom.opening import opened

    return opened(number, **settings)
