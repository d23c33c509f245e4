"""Take all memory."""

import numpy as np

from classroom import open_exercises

exercises = open_exercises(1)

memory = []
while True:
    memory.append(np.ones(2**22))  # 32 MB, and each page of it is touched
