"""A lesson on several workers, as a user starts it; and what is left of its processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from adapters import environment
from adapters.contract import Array
from course.record import read_record
from course.settings import ROOT

# |loss of n workers − loss of one| ≤ this · loss, at each step, in float64: what was promised. Sums
# are rounded in another order; with these few steps 5e-16 was measured (docs/workers.md).
AGREE = 1e-10


def start(folder: Path, *options: str) -> subprocess.Popen[str]:
    """Start a lesson in the folder: a lesson's name, and options."""
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "course", *options, "--dtype=float64", "--no-figures"],
        cwd=folder, env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(folder: Path, *options: str) -> tuple[int, str, str]:
    """Run it to its end: status, standard output and error."""
    process = start(folder, *options)
    out, err = process.communicate()
    return process.returncode, out, err


def losses(out: Path, lesson: int) -> dict[str, Array]:
    """Every step's loss of each run in the only record below `out`."""
    (folder,) = (p for p in (out / f"lesson{lesson}").iterdir() if (p / "card.json").exists())
    arrays, card = read_record(folder)
    assert card["status"] == "complete"
    return {name: array for name, array in arrays.items() if name.endswith("/losses")}


def gap(a: dict[str, Array], b: dict[str, Array]) -> float:
    """The largest relative difference of a loss."""
    assert a.keys() == b.keys()
    return float(max(np.max(np.abs(a[name] - b[name]) / np.abs(a[name])) for name in a))


def workers_of(launcher: int) -> dict[int, int]:
    """The process of each worker that a launcher has started, by rank."""
    found = {}
    for process in processes():
        words = process.read_bytes().decode().split("\0")
        stat = process.with_name("stat").read_text().rsplit(")", 1)[1].split()
        if "course.workers.worker" in words and int(stat[1]) == launcher:
            found[int(words[words.index("course.workers.worker") + 2])] = int(process.parent.name)
    return found


def processes() -> Iterator[Path]:
    """The command line of each process of this machine that still has one."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if file.read_bytes():
                yield file
        except OSError:
            continue


def wait_for(pattern: str, folder: Path, process: subprocess.Popen[str], patience: float) -> None:
    """Until a file of this name is there; the process has to be alive by then."""
    until = time.monotonic() + patience
    while not any(folder.glob(pattern)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < until, f"no {pattern} after {patience} s"
        time.sleep(0.05)


def gone(pids: dict[int, int]) -> bool:
    """Whether none of these processes is left; a zombie has ended."""
    for pid in pids.values():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            return False
    return True
