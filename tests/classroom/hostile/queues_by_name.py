"""Take kernel memory by unread messages in queues of POSIX."""

import ctypes
import os

from classroom import open_exercises

exercises = open_exercises(1)

libc = ctypes.CDLL("librt.so.1", use_errno=True)  # today part of the C library
for number in range(5):
    if libc.mq_open(f"/@TOKEN@-{number}".encode(), os.O_CREAT | os.O_RDWR, 0o600, None) < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
