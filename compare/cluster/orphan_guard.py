"""python orphan_guard.py WORKER FOLDER COMMAND …: run a command that does not outlive its worker.

A killed worker cannot end the processes that it started. This small process stands in between: it
watches its parent, and if the parent is gone, ends the command and removes its folder.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

POLL_INTERVAL = 0.2  # seconds between two checks of the parent


def main(worker: int, folder: str, command: list[str]) -> int:
    """Run the command in the folder; returns its exit status, or minus the signal that ended it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the worker may ignore it
    lesson = subprocess.Popen(command, cwd=folder)
    # An interrupt of this group is meant for the lesson: it may clean up, and we see how it ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            return lesson.wait(POLL_INTERVAL)
        except subprocess.TimeoutExpired:
            if os.getppid() != worker:
                lesson.kill()
                lesson.wait()
                shutil.rmtree(folder, ignore_errors=True)
                if os.name == "posix":
                    os.killpg(0, signal.SIGKILL)  # the lesson's own children, and this process
                return 1


if __name__ == "__main__":
    status = main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
    if status < 0:  # die of the same signal
        with suppress(OSError):  # SIGKILL has no handler to reset
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)
