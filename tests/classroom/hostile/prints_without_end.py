"""Print for ever."""

import sys

from classroom import open_exercises

exercises = open_exercises(1)

while True:
    sys.stdout.write("marks, please! " * 1000 + "\n")
    sys.stderr.write("marks, please! " * 1000 + "\n")
