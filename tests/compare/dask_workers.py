"""Watch a comparison on dask workers from outside: its processes, their sockets, their ends."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from course.settings import ROOT
from tests.waiting import until

LISTENS = "0A"  # the state of a socket in /proc/net/tcp
LOOPBACK = {"0100007F", "00000000000000000000000001000000"}  # 127.0.0.1 and ::1, as it writes them


@contextmanager
def comparing(*arguments: str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """`python -m compare … --executor=dask`, ended afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "compare", *arguments, "--executor=dask"],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"} | variables,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def guards(process: int, word: str = "") -> list[int]:
    """The guards of the tasks under this process whose command contains the word."""
    lines = {p: command_line(p) for p in below(process)}
    return [p for p, line in lines.items() if "cluster/orphan_guard.py" in line and word in line]


def command_line(process: int) -> str:
    """The command line of a process; empty if it has ended."""
    with suppress(OSError):
        return Path(f"/proc/{process}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    return ""


def parent(process: int) -> int:
    """The parent of a process; 0 if it has ended."""
    with suppress(OSError):
        status = Path(f"/proc/{process}/status").read_text()
        return int(re.findall(r"^PPid:\s+(\d+)$", status, re.MULTILINE)[0])
    return 0


def below(process: int) -> list[int]:
    """All descendants of a process."""
    there = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    parents = {one: parent(one) for one in there}
    descendants, old = {process}, 0
    while len(descendants) > old:
        old = len(descendants)
        descendants |= {one for one, home in parents.items() if home in descendants}
    return sorted(descendants - {process})


def alive(process: int) -> bool:
    """Whether a process runs; a zombie does not."""
    with suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def listening(processes: list[int]) -> set[str]:
    """The addresses on which any of these listen, as the kernel writes them."""
    theirs = set()
    for process in processes:
        with suppress(OSError):
            for link in Path(f"/proc/{process}/fd").iterdir():
                with suppress(OSError):
                    theirs |= set(re.findall(r"^socket:\[(\d+)\]$", str(link.readlink())))
    descendants = set()
    for table in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{table}").read_text().splitlines()[1:]:
            words = line.split()
            if words[3] == LISTENS and words[9] in theirs:
                descendants.add(words[1].partition(":")[0])
    return descendants


@contextmanager
def scheduler(folder: Path) -> Iterator[str]:
    """A scheduler of dask on loopback, with this checkout; its address."""
    file = folder / "scheduler.json"
    command = ["scheduler", "--host=127.0.0.1", "--port=0", "--no-dashboard"]
    with _dask(*command, f"--scheduler-file={file}", PYTHONPATH=str(ROOT)):
        until(lambda: file.exists() and file.stat().st_size)
        yield json.loads(file.read_text())["address"]


@contextmanager
def worker(address: str, checkout: Path = ROOT) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of one thread and its nanny, with this checkout; the nanny."""
    command = ["worker", address, "--host=127.0.0.1", "--nthreads=1", "--no-dashboard"]
    with _dask(*command, PYTHONPATH=str(checkout)) as process:
        yield process


@contextmanager
def _dask(*command: str, **variables: str) -> Iterator[subprocess.Popen[bytes]]:
    with tempfile.TemporaryDirectory() as scratch:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "dask", *command],
            env=os.environ | {"DASK_TEMPORARY_DIRECTORY": scratch} | variables, cwd=scratch,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield process
        finally:
            theirs = below(process.pid)
            process.kill()
            process.wait()
            until(lambda: not any(map(alive, theirs)))
