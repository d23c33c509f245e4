"""Garbage collection: almost off while a framework is imported, as usual afterwards.

An import creates a million objects that all stay, and collecting garbage among them takes a tenth
of its time. After the import they are frozen, so that later collections are cheap. Collection has
to continue: Keras's graphs contain reference cycles that hold arrays, and without it lesson 3 took
250 MB more.
"""

from __future__ import annotations

import gc

_thresholds: list[tuple[int, int, int]] = []  # the usual ones, while collection is deferred


def defer() -> None:
    """Collect only after a hundred thousand more objects were created than freed."""
    _thresholds.append(gc.get_threshold())
    gc.set_threshold(100_000)


def resume() -> None:
    """Freeze all objects so far, and collect as before; does nothing unless deferred."""
    if _thresholds:
        gc.freeze()
        gc.set_threshold(*_thresholds.pop())
