"""Leave a daemon behind, with another session and another parent."""

import os

from classroom import open_exercises

exercises = open_exercises(1)

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in range(3):
            os.close(descriptor)
        os.execv("/usr/bin/sleep", ["@TOKEN@", "3600"])
    os._exit(0)
