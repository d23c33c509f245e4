"""Notebooks, exercises with their checks, and the grading of submissions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from classroom.opening import Exercises

__all__ = ["open_exercises"]


def open_exercises(number: int, **settings: Any) -> Exercises:
    """Open the exercises of a lesson; every exercise file begins with this call.

    settings: backend, dtype, device, seed or threads, as a notebook passes them. A running check
    overrides them all. The default backend is that of BACKEND= in the environment, or torch.
    """
    from classroom.opening import open_

    return open_(number, **settings)
