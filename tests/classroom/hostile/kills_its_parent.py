"""Kill every process, the grader first."""

import os
import signal
from contextlib import suppress

from classroom import open_exercises

exercises = open_exercises(1)

for process in (os.getppid(), int("@GRADER@"), 1, -1):
    with suppress(OSError):
        os.kill(process, signal.SIGKILL)
raise SystemExit("still here")
