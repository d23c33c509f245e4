"""Read an invalid address."""

import ctypes

from classroom import open_exercises

exercises = open_exercises(1)

ctypes.string_at(0)
