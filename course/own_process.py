"""The process of a command: its environment, its garbage collection, and its end.

Collection is almost off while a framework is imported, and as usual afterwards. An import creates a
million objects that all stay, and collecting garbage among them takes a tenth of its time. After
the import they are frozen, so that later collections are cheap. Collection has to continue: Keras's
graphs contain reference cycles that hold arrays, and without it lesson 3 took 250 MB more.
"""

from __future__ import annotations

import atexit
import gc
import os
import signal
import sys

_thresholds: list[tuple[int, int, int]] = []  # the usual ones, while collection is deferred


def clean_environment() -> None:
    """Remove all variables that a lesson's process may not inherit, before anything is imported."""
    from adapters import environment

    defer_collection()  # until the backend is imported
    for name in set(os.environ) - set(environment.allowed(os.environ)):
        del os.environ[name]
    # A lesson's first lines import matplotlib, before `load` sets the other variables.
    os.environ["MPLCONFIGDIR"] = str(environment.cache_folder() / "matplotlib")


def defer_collection() -> None:
    """Collect only after a hundred thousand more objects were created than freed."""
    _thresholds.append(gc.get_threshold())
    gc.set_threshold(100_000)


def resume_collection() -> None:
    """Freeze all objects so far, and collect as before; does nothing unless deferred."""
    if _thresholds:
        gc.freeze()
        gc.set_threshold(*_thresholds.pop())


def leave(status: object) -> None:
    """End the process at once; freeing a framework's objects one by one would take a second.

    The command has closed its files by now, and atexit functions still run.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is too late to stop anything
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)
