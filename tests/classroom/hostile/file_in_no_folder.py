"""Write into a file that is in no folder, and so on no disk of bounded size."""

import os

from classroom import open_exercises

exercises = open_exercises(1)

file = os.memfd_create("@TOKEN@")
for _ in range(16):
    os.write(file, bytes(2**24))
