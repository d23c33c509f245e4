"""What everything that a submission has started takes, watched from outside its sandbox.

A limit on each process (classroom.limits) says nothing of two hundred of them, and no session or
process group holds them all, since a process may leave both. It cannot leave its ancestors: the
sandbox is a child of this process, and whatever is started in it stays below. To kill the sandbox's
own process is to end all of it, as a namespace ends with its first process. Linux only.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

# Of tables of pages a process can have a thousand times more than of pages: whoever only reads an
# address gets an entry for it, and a page of zeros that all share.
COUNTED = ("RssAnon:", "RssShmem:", "VmPTE:", "VmSwap:", "HugetlbPages:")
# What the kernel may hold for one process and /proc does not tell: as many mappings as it may have
# (measured: 65,413 of them took 13 MB), and as many pipes as the sandbox leaves it descriptors
# (classroom.sandbox_init): two pages each, once their user has 64 MB of larger ones, and a page for what
# describes them. A mapping that a fork has copied also keeps a link (anon_vma_chain) to the one in
# each process that it was copied from, and these may be all the others.
MOST_MAPPINGS = Path("/proc/sys/vm/max_map_count")
OF_A_MAPPING, OF_A_LINK, OF_PIPES = 256, 64, 128 * 3 * 4096


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


def machine_memory() -> int:
    """The bytes of memory that this machine has; 8 GB where it does not say."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 * 1024**3


def held(process: int) -> int:
    """The bytes that a process and all below it hold for themselves: not what files share."""
    members = [*family(process)]
    return sum(map(_private, members)) + len(members) * unseen(len(members))


@cache
def unseen(members: int) -> int:
    """The bytes that the kernel may hold for one of so many processes and that cannot be seen."""
    mappings = 65_530  # Linux's own choice
    with suppress(OSError):
        mappings = int(MOST_MAPPINGS.read_text())
    return mappings * (OF_A_MAPPING + OF_A_LINK * members) + OF_PIPES


def files_on_its_own_disks(process: int, folder: Path) -> int:
    """The files on the disks in memory that a sandbox has where others have `folder` and /tmp.

    Empty ones take no room on such a disk, and the kernel's memory all the same. 0 without a
    sandbox, where these are the machine's own disks.
    """
    most = 0
    for one in family(process):
        for place in (folder, Path("/tmp"), Path("/dev/shm")):
            seen = Path(f"/proc/{one}/root{place}")
            with suppress(OSError):
                if seen.stat().st_dev != place.stat().st_dev:
                    disk = os.statvfs(seen)
                    most = max(most, disk.f_files - disk.f_ffree)
    return most


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


def _private(process: int) -> int:
    """Memory of its own, shared memory with no file behind it, and the tables of both."""
    place = Path(f"/proc/{process}")
    sizes = _sizes(place)
    if not sizes:  # its first thread may have ended, and then tells no more for the others
        with suppress(OSError):
            sizes = next(filter(None, map(_sizes, place.glob("task/*"))), [])
    return sum(sizes)


def _sizes(place: Path) -> list[int]:
    """What is counted, in bytes, of a process or a thread; nothing of one that has ended."""
    with suppress(OSError):
        lines = (place / "status").read_text(errors="replace").splitlines()
        return [1024 * int(line.split()[1]) for line in lines if line.startswith(COUNTED)]
    return []


def _kill(process: int) -> None:
    with suppress(OSError):
        os.kill(process, signal.SIGKILL)
