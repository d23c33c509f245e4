"""python -m course: clean the environment, then run the command line."""

import atexit
import os
import signal
import sys
from pathlib import Path

INTERRUPTED = 130  # as in course.cli_errors, which is not imported yet


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


def start() -> None:
    """Import the command line, which takes a moment, and run it."""
    clean_environment()
    from course.cli import main

    main()


if __name__ == "__main__":
    try:
        start()
    except SystemExit as end:
        leave(end.code)
    except ModuleNotFoundError as error:  # before the command line could report it
        if error.name is None or (Path(__file__).parent.parent / error.name.split(".")[0]).exists():
            raise
        sys.stderr.write(
            f"error: the package {error.name} is missing: "
            "`python kit.py setup` installs what is locked\n"
        )
        leave(2)
    except KeyboardInterrupt:  # before the command line could report it
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stderr.write("interrupted\n")
        leave(INTERRUPTED)
