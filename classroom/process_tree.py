"""Measure all processes of a submission from outside its sandbox.

A limit for each process does not limit two hundred of them, and a process may leave its session and
process group. But it always stays below its ancestors: the sandbox is a child of this process, and
everything started in it is a descendant. Killing the first process of the sandbox ends all of them,
because a namespace ends with its first process. Linux only.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

# Lines of /proc/PID/status. Page tables (VmPTE) can be a thousand times larger than the pages: a
# process that only reads addresses gets table entries for them, and one shared page of zeros.
COUNTED = ("RssAnon:", "RssShmem:", "VmPTE:", "VmSwap:", "HugetlbPages:")
# Kernel memory of one process that /proc does not show: for all mappings it may have (measured:
# 65,413 of them took 13 MB), and for as many pipes as the sandbox allows descriptors
# (classroom.sandbox_init). A pipe takes two pages, once its user has 64 MB of larger ones, and one
# page for its description. A mapping copied by a fork also has a link (anon_vma_chain) to the
# mapping in each process that it was copied from, at worst in all others.
MOST_MAPPINGS = Path("/proc/sys/vm/max_map_count")
OF_A_MAPPING, OF_A_LINK, OF_PIPES = 256, 64, 128 * 3 * 4096


def end_children() -> None:
    """Kill all descendants of this process.

    A sandbox that is being set up does not end with its first process yet. So the first process is
    stopped, in order that it starts no others, before its descendants are listed and killed.
    """
    for process in children(os.getpid()):
        with suppress(OSError):
            os.kill(process, signal.SIGSTOP)
        for descendant in [*subtree(process)][::-1]:
            _kill(descendant)


def machine_memory() -> int:
    """The bytes of memory of this machine; 8 GB if unknown."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return 8 * 1024**3


def memory_in_use(process: int) -> int:
    """The bytes of private memory of a process and its descendants, without shared files."""
    members = [*subtree(process)]
    return sum(map(_private, members)) + len(members) * kernel_overhead(len(members))


@cache
def kernel_overhead(members: int) -> int:
    """The most bytes of hidden kernel memory for one process, among this number of processes."""
    mappings = 65_530  # the default of Linux
    with suppress(OSError):
        mappings = int(MOST_MAPPINGS.read_text())
    return mappings * (OF_A_MAPPING + OF_A_LINK * members) + OF_PIPES


def files_on_its_own_disks(process: int, folder: Path) -> int:
    """The number of files on the disks in memory of a sandbox: `folder`, /tmp and /dev/shm.

    Empty files take no space on such a disk, but they take kernel memory. The result is 0 without
    a sandbox, where these folders are on the machine's own disks.
    """
    most = 0
    for member in subtree(process):
        for path in (folder, Path("/tmp"), Path("/dev/shm")):
            inside = Path(f"/proc/{member}/root{path}")
            with suppress(OSError):
                if inside.stat().st_dev != path.stat().st_dev:
                    disk = os.statvfs(inside)
                    most = max(most, disk.f_files - disk.f_ffree)
    return most


def subtree(process: int) -> Iterator[int]:
    """A process and its descendants."""
    waiting = [process]
    while waiting:
        member = waiting.pop()
        yield member
        waiting += children(member)


def children(process: int) -> list[int]:
    """The running children of a process, started by any of its threads."""
    result: list[int] = []
    with suppress(OSError):  # it has just ended
        for task in Path(f"/proc/{process}/task").iterdir():
            with suppress(OSError):
                result += map(int, (task / "children").read_text().split())
    return result


def _private(process: int) -> int:
    """Bytes of private memory, of shared memory without a file, and of the page tables of both."""
    folder = Path(f"/proc/{process}")
    sizes = _sizes(folder)
    if not sizes:  # after its first thread has ended, only the other threads have the numbers
        with suppress(OSError):
            sizes = next(filter(None, map(_sizes, folder.glob("task/*"))), [])
    return sum(sizes)


def _sizes(folder: Path) -> list[int]:
    """The counted sizes of a process or thread, in bytes; empty if it has ended."""
    with suppress(OSError):
        lines = (folder / "status").read_text(errors="replace").splitlines()
        return [1024 * int(line.split()[1]) for line in lines if line.startswith(COUNTED)]
    return []


def _kill(process: int) -> None:
    with suppress(OSError):
        os.kill(process, signal.SIGKILL)
