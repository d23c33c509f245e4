"""Take kernel memory in a child process, by sets of semaphores."""

import ctypes
import os

from classroom import open_exercises

exercises = open_exercises(1)

libc = ctypes.CDLL(None, use_errno=True)
child = os.fork()
if child == 0:
    made = [libc.semget(0, 32_000, 0o1600) for _ in range(50)]
    os._exit(0 if min(made) >= 0 else 1)
if os.waitpid(child, 0)[1]:
    raise MemoryError("there are no semaphores")
