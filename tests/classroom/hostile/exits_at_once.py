"""Exit at once without output."""

import os

from classroom import open_exercises

exercises = open_exercises(1)

os._exit(0)
