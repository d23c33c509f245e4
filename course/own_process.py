"""The process of a command: its environment before anything is imported, and its end."""

from __future__ import annotations

import atexit
import os
import signal
import sys


def leave(status: object) -> None:
    """End the process at once; freeing a framework's objects one by one would take a second.

    The command has closed its files by now, and atexit functions still run.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is too late to stop anything
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)


def clean_environment() -> None:
    """Remove all variables that a lesson's process may not inherit."""
    from adapters import environment
    from course import gc_control

    gc_control.defer()  # until the backend is imported
    for name in set(os.environ) - set(environment.allowed(os.environ)):
        del os.environ[name]
    # A lesson's first lines import matplotlib, before `load` sets the other variables.
    os.environ["MPLCONFIGDIR"] = str(environment.cache_folder() / "matplotlib")
