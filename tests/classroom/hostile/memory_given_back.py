"""Take shared memory and unmap its pages: it stays allocated, and is counted for no process."""

import mmap

from classroom import open_exercises

exercises = open_exercises(1)

PIECE = 2**24
memory = mmap.mmap(-1, 16 * PIECE)
for start in range(0, len(memory), PIECE):
    memory[start : start + PIECE] = bytes(PIECE)
    memory.madvise(mmap.MADV_DONTNEED, start, PIECE)
