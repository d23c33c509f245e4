"""Start a lesson on several workers as a user does, and find its processes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from adapters import environment
from adapters.contract import Array
from course.record import read_record
from course.settings import ROOT
from tests.trust import sandboxes
from tests.waiting import until

# The tolerance that the documentation promises: |loss of n workers − loss of one| ≤ AGREE · loss at
# each step, in float64. Sums are rounded in another order; with these few steps 5e-16 was measured
# (docs/workers.md).
AGREE = 1e-10
# A worker may be killed before it would flush its output.
UNBUFFERED = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
LISTEN_EVERYWHERE = ("tensorflow", "keras")  # their server takes no address to listen on


def tiny_images(folder: Path, train: int = 202) -> str:
    """Write images of 8 × 8 pixels in three classes; 202 make batches of 100, 100 and 2."""
    rng, rows = np.random.default_rng(0), {"train": train, "test": 30}
    arrays = {f"y_{split}": np.arange(n) % 3 for split, n in rows.items()}
    for split, n in rows.items():
        brightness = 60 * arrays[f"y_{split}"][:, None, None]
        arrays[f"x_{split}"] = (rng.integers(0, 120, (n, 8, 8)) + brightness).astype(np.uint8)
    np.savez(folder / "tiny.npz", **arrays)
    return "--data=tiny.npz"


def loopback_only(backend: str) -> list[str]:
    """A command prefix that leaves a backend which listens everywhere only the loopback."""
    if backend not in LISTEN_EVERYWHERE:
        return []
    sandboxes.need_sandbox()
    return ["bwrap", "--die-with-parent", "--unshare-net", "--dev-bind", "/", "/"]


def start(folder: Path, backend: str, *options: str) -> subprocess.Popen[str]:
    """Start a lesson of a backend in the folder: a lesson's name, and options."""
    arguments = [*options, f"--backend={backend}", "--dtype=float64", "--no-figures"]
    return subprocess.Popen(
        [*loopback_only(backend), sys.executable, "-P", "-m", "course", *arguments],
        cwd=folder, env=environment.allowed(os.environ) | UNBUFFERED, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(folder: Path, backend: str, *options: str) -> tuple[int, str, str]:
    """Run a lesson to its end; return its status, standard output and standard error."""
    process = start(folder, backend, *options)
    out, err = process.communicate()
    return process.returncode, out, err


def losses(out: Path, lesson: int) -> dict[str, Array]:
    """Every step's loss of each run in the only record below `out`."""
    (folder,) = (p for p in (out / f"lesson{lesson}").iterdir() if (p / "card.json").exists())
    arrays, card = read_record(folder)
    assert card["status"] == "complete"
    return {name: array for name, array in arrays.items() if name.endswith("/losses")}


def gap(a: dict[str, Array], b: dict[str, Array]) -> float:
    """The largest relative difference between two records' losses."""
    assert a.keys() == b.keys()
    return float(max(np.max(np.abs(a[name] - b[name]) / np.abs(a[name])) for name in a))


def workers_of(job: int) -> dict[int, int]:
    """The process id of each worker of a job, by rank."""
    parents, ranks = {}, {}
    for process in processes():
        try:
            command = process.read_bytes().decode().split("\0")
            stat = process.with_name("stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(process.parent.name)
        parents[pid] = int(stat[1])
        if "course.workers.worker" in command:
            ranks[pid] = int(command[command.index("course.workers.worker") + 2])
    workers = {}
    for pid, rank in ranks.items():
        ancestor = pid
        while ancestor in parents and ancestor != job:
            ancestor = parents[ancestor]
        if ancestor == job:
            workers[rank] = pid
    return workers


def processes() -> Iterator[Path]:
    """The command line file of each process on this machine, unless it is empty."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if file.read_bytes():
                yield file
        except OSError:
            continue


def wait_for(pattern: str, folder: Path, process: subprocess.Popen[str]) -> None:
    """Wait until a file matches the pattern; the process must still be alive then."""
    until(lambda: any(folder.glob(pattern)) or process.poll() is not None)
    assert process.poll() is None, process.communicate()


def gone(pids: dict[int, int]) -> bool:
    """Whether all of these processes have ended; a zombie counts as ended."""
    for pid in pids.values():
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            continue
        if state != "Z":
            return False
    return True
