"""Watch files and descriptors: the kernel stores each watch."""

import os
import select

from classroom import open_exercises

exercises = open_exercises(1)

ends = [os.pipe()[0] for _ in range(50)]
for _ in range(50):
    watcher = select.epoll()
    for end in ends:
        watcher.register(end)
