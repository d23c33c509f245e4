"""python -m course: clean the environment, then run the command line."""

import signal
import sys
from pathlib import Path

from course.own_process import clean_environment, leave

INTERRUPTED = 130  # as in course.cli_errors, which is not imported yet


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
