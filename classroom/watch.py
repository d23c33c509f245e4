"""The memory of everything that a submission has started, watched from outside its sandbox.

A limit on each process (classroom.limits) says nothing of two hundred of them, and no session or
process group holds them all, since a process may leave both. It cannot leave its ancestors: the
sandbox is a child of this process, and whatever is started in it stays below. To kill the sandbox's
own process is to end all of it, as a namespace ends with its first process. Linux only.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType

MEMORY = 4 * 1024**3  # bytes that one submission may hold, all its processes together
# Between two looks a submission can take a tenth of a second's worth: some 200 MB here.
INTERVAL = 0.1
COUNTED = ("RssAnon:", "RssShmem:")


class Watch:
    """Ends every sandbox below this process that holds more than `memory` bytes."""

    def __init__(self, name: str, memory: int = MEMORY) -> None:
        self.name, self.memory = name, memory
        self.over = threading.Event()
        self.thread = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Watch:
        self.thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        self.over.set()
        self.thread.join()

    def _look(self) -> None:
        while not self.over.wait(INTERVAL):
            for process in children(os.getpid()):
                if command_name(process) == self.name and held(process) > self.memory:
                    _kill(process)


def end_children() -> None:
    """End whatever this process has started, and all below it.

    A sandbox that is only being set up does not yet end with its first process. So that one is
    stopped, which makes it start nothing more, before those below it are looked up and killed.
    """
    for process in children(os.getpid()):
        with suppress(OSError):
            os.kill(process, signal.SIGSTOP)
        for one in [*family(process)][::-1]:
            _kill(one)


def held(process: int) -> int:
    """The bytes that a process and all below it hold for themselves: not what files share."""
    return sum(_private(one) for one in family(process))


def family(process: int) -> Iterator[int]:
    """A process and all below it."""
    waiting = [process]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += children(one)


def children(process: int) -> list[int]:
    """What a process, any thread of it, has started and what still runs."""
    found: list[int] = []
    with suppress(OSError):  # it has just ended
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def command_name(process: int) -> str:
    """The name of a process's program; empty if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/comm").read_text().strip()
    return ""


def _private(process: int) -> int:
    """Memory of its own, and memory shared with no file behind it (RssAnon, RssShmem)."""
    total = 0
    with suppress(OSError):
        for line in Path(f"/proc/{process}/status").read_text(errors="replace").splitlines():
            if line.startswith(COUNTED):
                total += 1024 * int(line.split()[1])
    return total


def _kill(process: int) -> None:
    with suppress(OSError):
        os.kill(process, signal.SIGKILL)
