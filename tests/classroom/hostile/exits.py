"""Print success and exit."""

import sys

from classroom import open_exercises

exercises = open_exercises(1)

sys.exit(0)
