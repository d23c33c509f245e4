"""Kill, stop or slow a random worker at a random moment, then resume with another number of them.

python -m tests.workers.faults tries every backend; --only takes some of them. Their counts are kept
in faults.json beside this file, and are a section of the page that tests/trust/faults writes.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from adapters import BACKENDS
from tests.waiting import PATIENCE, until
from tests.workers import running

COUNTS = Path(__file__).with_name("faults.json")
ABLE = [name for name, backend in BACKENDS.items() if backend.workers]
ALL = {"kill": 20, "stop": 2, "slow": 2}  # of each backend
TIMEOUT = 8.0  # seconds, WORKER_TIMEOUT=
SIZES = (2, 3)
LONGEST = 5  # faults in a chain
EPOCHS = 16
CHECKPOINTS = "b/lesson4/checkpoints/*/*/*.json"
# A run that was complete when its job was killed has nothing left to train.
RESUMES = ("resumes from its checkpoint", "complete in its last checkpoint")
SIGNS = {"kill": ("SIGKILL", "was killed (SIGKILL)"), "stop": ("SIGSTOP", "is stopped: ")}


@dataclass
class Bench:
    """Runs jobs of one backend, one after the other, and counts their faults."""

    backend: str
    folder: Path
    rng: np.random.Generator
    done: dict[str, int] = field(default_factory=dict)  # faults of each kind
    slowest: dict[str, float] = field(default_factory=dict)  # seconds from the fault to the end
    gone_on: int = 0  # jobs that resumed another one's checkpoint
    gaps: list[float] = field(default_factory=list)  # of each record that was compared
    length: float = 5.0  # seconds that the workers of a job take after their start

    def __post_init__(self) -> None:
        self.data = running.tiny_images(self.folder)
        status, _, err = running.run(self.folder, self.backend, *self.arguments(1, "whole"))
        assert status == 0, err

    def arguments(self, size: int, out: str) -> list[str]:
        """A job's command line."""
        return [
            "lesson4", self.data, f"--epochs={EPOCHS}", "--seed=1", f"--workers={size}",
            f"--worker-timeout={TIMEOUT}", f"--out={out}", "--checkpoint=1", "--resume=auto",
        ]  # fmt: skip

    def chain(self, kinds: list[str]) -> None:
        """One fault after another, each in a job that resumes the one before, until one ends."""
        while kinds:
            late = bool(self.rng.integers(2))
            if self.hurt(kinds[0], int(self.rng.choice(SIZES)), late):
                kinds.pop(0)
            if any((self.folder / "b").glob("lesson4/*/card.json")):  # ended before the fault
                break
        else:
            self.finish(int(self.rng.choice(SIZES)))
        self.compare()

    def finish(self, size: int) -> None:
        """Run a job without a fault."""
        status, out, err = running.run(self.folder, self.backend, *self.arguments(size, "b"))
        assert (status, err) == (0, ""), err
        self.gone_on += any(message in out for message in RESUMES)

    def compare(self) -> None:
        """Compare the record with that of one worker, and remove it."""
        expected, actual = (running.losses(self.folder / out, 4) for out in ("whole", "b"))
        self.gaps.append(running.gap(expected, actual))
        assert self.gaps[-1] <= running.AGREE, self.gaps[-1]
        shutil.rmtree(self.folder / "b")

    def hurt(self, kind: str, size: int, late: bool) -> bool:
        """Run a job of `size` workers with a fault; return whether the fault came in time.

        late: only after the job has written a checkpoint.
        """
        before = set(self.folder.glob(CHECKPOINTS))
        job = running.start(self.folder, self.backend, *self.arguments(size, "b"))
        workers: dict[int, int] = {}

        def started() -> bool:
            nonlocal workers
            workers = running.workers_of(job.pid)
            return len(workers) >= size or job.poll() is not None

        until(started)
        after = float(self.rng.uniform(0, self.length))
        if late:
            after /= 4
            while before >= set(self.folder.glob(CHECKPOINTS)) and job.poll() is None:
                time.sleep(0.02)
        with suppress(subprocess.TimeoutExpired):
            job.wait(after)
        rank = int(self.rng.integers(size))
        alive = job.poll() is None and not running.gone({rank: workers[rank]})
        fault_time = time.monotonic()
        if alive and kind == "slow":
            self._slow(workers[rank])
        elif alive:
            os.kill(workers[rank], getattr(signal, SIGNS[kind][0]))
        out, err = job.communicate(timeout=PATIENCE)
        seconds = time.monotonic() - fault_time
        assert running.gone(workers), "a process was left behind"
        self.gone_on += any(message in out for message in RESUMES)
        if job.returncode == 0:  # finished before the fault, or in spite of it
            self.length = max(1.0, 0.8 * self.length)
            alive = alive and kind == "slow"
        else:
            self.length *= 1.1
            assert alive, err
            assert kind != "slow", err
            assert job.returncode == 2, (job.returncode, err)
            assert len(err.strip().splitlines()) == 1, err
            assert err.startswith(f"error: worker {rank} of {size} {SIGNS[kind][1]}"), err
            assert "--resume=auto" in err
        if alive:
            self.done[kind] = self.done.get(kind, 0) + 1
            self.slowest[kind] = max(seconds, self.slowest.get(kind, 0.0))
            print(f"{self.backend}: {kind} {rank} of {size}, {seconds:.1f} s", flush=True)
        return alive

    def _slow(self, pid: int) -> None:
        """Stop and continue a process four times, each time for less than the others wait."""
        for _ in range(4):
            try:
                os.kill(pid, signal.SIGSTOP)
                time.sleep(float(self.rng.uniform(0.1, TIMEOUT / 8)))
                os.kill(pid, signal.SIGCONT)
                time.sleep(0.05)
            except ProcessLookupError:
                return


def run_faults(backend: str, faults: dict[str, int], seed: int, folder: Path) -> Bench:
    """So many faults of each kind, in chains; AssertionError if a job ends wrongly."""
    rng = np.random.default_rng([seed, *backend.encode()])
    bench = Bench(backend, folder, rng)
    kinds = [str(k) for k in rng.permutation([k for k, n in faults.items() for _ in range(n)])]
    while kinds:
        link = kinds[: int(rng.integers(2, LONGEST + 1))]
        before = len(link)
        bench.chain(link)
        kinds = kinds[before - len(link) :]
    return bench


def section(counts: dict[str, Any]) -> str:
    """The section of docs/reports/faults.md, from the counts of all backends."""
    lines = [
        "## Workers killed, stopped and slowed",
        "",
        "Counted by `python -m tests.workers.faults`.",
        "",
        "Each fault hits a random one of 2 or 3 workers of lesson 4 at a random moment, half of "
        f"them only after the first checkpoint (small pictures, {EPOCHS} epochs, float64, "
        f"`CHECKPOINT=1 WORKER_TIMEOUT={TIMEOUT:g}`). A killed or stopped worker must end the job "
        "with one line that names it and exit status 2. `RESUME=auto` continues with another "
        f"number of workers, which are hit in turn, up to {LONGEST} times, before the last ones "
        "are left alone. A slow worker, which halts four times for up to a second, delays the job "
        "and changes nothing. After each fault no process may be left, and every loss of the "
        f"record must be within {running.AGREE:g} (relative) of an undisturbed run.",
        "",
        "| backend | killed | slowest end | stopped | slowest end | slowed | resumed from a "
        "checkpoint | records compared | largest difference |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for backend, count in counts.items():
        done, slowest = count["done"], count["slowest"]
        cells = [backend]
        for kind in ("kill", "stop"):
            cells += [str(done.get(kind, 0)), f"{slowest.get(kind, 0):.1f} s"]
        cells += [str(done.get("slow", 0)), str(count["gone_on"]), str(count["records"])]
        lines.append(f"| {' | '.join(cells)} | {count['gap']:.0e} |")
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run the requested faults; AssertionError if a job ends wrongly."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=ABLE, default=ABLE)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counts = json.loads(COUNTS.read_text()) if COUNTS.is_file() else {}
    for backend in options.only:
        with tempfile.TemporaryDirectory(prefix="triptych-faults-") as folder:
            bench = run_faults(backend, ALL, options.seed, Path(folder))
        counts[backend] = {
            "done": bench.done, "slowest": bench.slowest, "gone_on": bench.gone_on,
            "records": len(bench.gaps), "gap": max(bench.gaps), "seed": options.seed,
        }  # fmt: skip
        COUNTS.write_text(json.dumps(counts, indent=1, sort_keys=True) + "\n")
        print(f"{backend}: {sum(bench.done.values())} faults", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
