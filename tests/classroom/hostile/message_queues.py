"""Take kernel memory by unread messages in queues of System V."""

import ctypes
import os

from classroom import open_exercises

exercises = open_exercises(1)

libc = ctypes.CDLL(None, use_errno=True)
for _ in range(100):
    if libc.msgget(0, 0o1600) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
