"""A lesson on several workers, as a user starts it; and what is left of its processes."""

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
from tests.trust import walls
from tests.waiting import until

# |loss of n workers − loss of one| ≤ this · loss, at each step, in float64: what was promised. Sums
# are rounded in another order; with these few steps 5e-16 was measured (docs/workers.md).
AGREE = 1e-10
# What a worker says is heard at once, for it may be killed before it would say it.
HEARD = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
LISTEN_EVERYWHERE = ("tensorflow", "keras")  # their server takes no address to listen at


def tiny_pictures(folder: Path, train: int = 202) -> str:
    """Pictures of 8 × 8 in three classes; 202 of them are batches of 100, 100 and 2."""
    rng, rows = np.random.default_rng(0), {"train": train, "test": 30}
    arrays = {f"y_{split}": np.arange(n) % 3 for split, n in rows.items()}
    for split, n in rows.items():
        brightness = 60 * arrays[f"y_{split}"][:, None, None]
        arrays[f"x_{split}"] = (rng.integers(0, 120, (n, 8, 8)) + brightness).astype(np.uint8)
    np.savez(folder / "tiny.npz", **arrays)
    return "--data=tiny.npz"


def network_of_its_own(backend: str) -> list[str]:
    """What to put before a command of a backend that listens on every interface: only loopback."""
    if backend not in LISTEN_EVERYWHERE:
        return []
    walls.need_walls()
    return ["bwrap", "--die-with-parent", "--unshare-net", "--dev-bind", "/", "/"]


def start(folder: Path, backend: str, *options: str) -> subprocess.Popen[str]:
    """Start a lesson of a backend in the folder: a lesson's name, and options."""
    words = [*options, f"--backend={backend}", "--dtype=float64", "--no-figures"]
    return subprocess.Popen(
        [*network_of_its_own(backend), sys.executable, "-P", "-m", "course", *words],
        cwd=folder, env=environment.allowed(os.environ) | HEARD, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def run(folder: Path, backend: str, *options: str) -> tuple[int, str, str]:
    """Run it to its end: status, standard output and error."""
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
    """The largest relative difference of a loss."""
    assert a.keys() == b.keys()
    return float(max(np.max(np.abs(a[name] - b[name]) / np.abs(a[name])) for name in a))


def workers_of(job: int) -> dict[int, int]:
    """The process of each worker below this one, by rank."""
    parents, ranks = {}, {}
    for process in processes():
        try:
            words = process.read_bytes().decode().split("\0")
            stat = process.with_name("stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        pid = int(process.parent.name)
        parents[pid] = int(stat[1])
        if "course.workers.worker" in words:
            ranks[pid] = int(words[words.index("course.workers.worker") + 2])
    found = {}
    for pid, rank in ranks.items():
        above = pid
        while above in parents and above != job:
            above = parents[above]
        if above == job:
            found[rank] = pid
    return found


def processes() -> Iterator[Path]:
    """The command line of each process of this machine that still has one."""
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if file.read_bytes():
                yield file
        except OSError:
            continue


def wait_for(pattern: str, folder: Path, process: subprocess.Popen[str]) -> None:
    """Until a file of this name is there; the process has to be alive by then."""
    until(lambda: any(folder.glob(pattern)) or process.poll() is not None)
    assert process.poll() is None, process.communicate()


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
