"""Measure the time to send bytes through a pipe between two threads of one process.

Nothing leaves the computer, so no network answers faster. A lesson can measure it everywhere, even
where no socket may be opened.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection

TIMES = 15  # the fastest counts, because other processes can only make it slower


def seconds_through_a_pipe(sizes: Sequence[int]) -> list[float]:
    """The seconds for messages of these sizes in bytes: half a round trip each."""
    (theirs, to_them), (ours, to_us) = Pipe(duplex=False), Pipe(duplex=False)
    echo = threading.Thread(target=_echo, args=(theirs, to_us), daemon=True)
    echo.start()
    try:
        return [min(_round_trip(to_them, ours, size) for _ in range(TIMES)) / 2
                for size in sizes]  # fmt: skip
    finally:
        to_them.close()  # which ends the echo
        echo.join()
        for end in (theirs, ours, to_us):
            end.close()


def _round_trip(there: Connection, back: Connection, size: int) -> float:
    message = bytes(size)
    start = time.perf_counter()
    there.send_bytes(message)
    back.recv_bytes()
    return time.perf_counter() - start


def _echo(listen: Connection, answer: Connection) -> None:
    try:
        while True:
            answer.send_bytes(listen.recv_bytes())
    except EOFError:
        return
