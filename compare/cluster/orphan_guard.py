"""python guard.py WORKER FOLDER COMMAND …: run a command that does not outlive its worker.

A worker that is killed cannot end what it has started. So this small process stands in between: it
watches its parent, and where that is gone, ends the command and removes the folder it ran in.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

POLL_INTERVAL = 0.2  # seconds between two looks at the parent


def main(worker: int, folder: str, command: list[str]) -> int:
    """Run the command in the folder; its exit status, or minus the signal that ended it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the worker may be deaf: not so this
    lesson = subprocess.Popen(command, cwd=folder)
    # Whoever interrupts this group means the lesson: it may tidy up, and we see how it ended.
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
                    os.killpg(0, signal.SIGKILL)  # what the lesson has started, and this process
                return 1


if __name__ == "__main__":
    status = main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
    if status < 0:  # end as it ended
        with suppress(OSError):  # of SIGKILL, which is never anything else
            signal.signal(-status, signal.SIG_DFL)
        os.kill(os.getpid(), -status)
    sys.exit(status)
