"""python -m course: settle the environment, then hand over to the command line."""

import atexit
import os
import sys

from adapters import environment
from course import garbage


def leave(status: object) -> None:
    """End the process without taking a framework apart object by object, which costs a second.

    Everything that the command wrote is closed by now; what others registered for the end is run.
    """
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status if isinstance(status, int) else 0)


if __name__ == "__main__":
    garbage.put_off()  # until the engine is there
    kept = environment.allowed(os.environ)
    for name in set(os.environ) - set(kept):
        del os.environ[name]
    # A lesson's first lines import matplotlib, before the engine is there to settle the rest.
    os.environ["MPLCONFIGDIR"] = str(environment.cache_folder() / "matplotlib")

    from course.cli import main

    try:
        main()
    except SystemExit as end:
        leave(end.code)
