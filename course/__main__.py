"""python -m course: settle the environment, then hand over to the command line."""

import atexit
import os
import signal
import sys
from pathlib import Path

INTERRUPTED = 130  # as course.cli_errors has it, which is not imported yet


def leave(status: object) -> None:
    """End the process without taking a framework apart object by object, which costs a second.

    Everything that the command wrote is closed by now; what others registered for the end is run.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is too late to stop anything
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)


def settle() -> None:
    """Start from the variables that a lesson's process may inherit."""
    from adapters import environment
    from course import gc_control

    gc_control.put_off()  # until the backend is there
    kept = environment.allowed(os.environ)
    for name in set(os.environ) - set(kept):
        del os.environ[name]
    # A lesson's first lines import matplotlib, before the backend is there to settle the rest.
    os.environ["MPLCONFIGDIR"] = str(environment.cache_folder() / "matplotlib")


def start() -> None:
    """Import the command line, which takes a moment, and run it."""
    settle()
    from course.cli import main

    main()


if __name__ == "__main__":
    try:
        start()
    except SystemExit as end:
        leave(end.code)
    except ModuleNotFoundError as error:  # so early that the command line cannot say so
        if error.name is None or (Path(__file__).parent.parent / error.name.split(".")[0]).exists():
            raise
        sys.stderr.write(
            f"error: the package {error.name} is missing: "
            "`python kit.py setup` installs what is locked\n"
        )
        leave(2)
    except KeyboardInterrupt:  # before the command line could say so itself
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        sys.stderr.write("interrupted\n")
        leave(INTERRUPTED)
