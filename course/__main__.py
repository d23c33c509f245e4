"""python -m course: settle the environment, then hand over to the command line."""

import atexit
import gc
import os
import sys

from adapters import environment


def leave(status: object) -> None:
    """End the process without taking a framework apart object by object, which costs a second.

    Everything that the command wrote is closed by now; what others registered for the end is run.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)


def settle() -> None:
    """Start from the variables that a lesson's process may inherit."""
    # A framework's import makes a million objects that all stay: looking through them again and
    # again for garbage is a tenth of its time.
    gc.set_threshold(100_000)
    kept = environment.allowed(os.environ)
    for name in set(os.environ) - set(kept):
        del os.environ[name]
    # A lesson's first lines import matplotlib, before the engine is there to settle the rest.
    os.environ["MPLCONFIGDIR"] = str(environment.cache_folder() / "matplotlib")


if __name__ == "__main__":
    settle()
    from course.cli import main

    try:
        main()
    except SystemExit as end:
        leave(end.code)
