"""Chains of kill -9, and Ctrl-C once and twice: by the clock, and while something is written."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from adapters import BACKENDS, environment
from course.settings import ROOT
from tests.images import few_images
from tests.trust.faults.bench import RIGHT, WRONG, Bench, Done, Outcome, accept_ctrl_c
from tests.trust.faults.disk import OPTIONS, set_trap, some

# Chains of kill -9 at random moments, after which RESUME=auto ends with the same record.
#
# Half of the kills come by the clock, the others while a checkpoint is written: before a file, with
# half of its bytes on the disk, or after it. A chain of kills ends with a run that may finish,
# whose record must be that of an undisturbed run.

KILLS_OF_EACH = 25  # kills of each backend: 200 in all
CHECKPOINTS = (1, "2steps")  # how often one is written, by chance
KILL_ROWS = tuple(f"kill -9, {backend}: {how}" for backend in BACKENDS
             for how in ("by the clock", "in a checkpoint"))  # fmt: skip
POINTS = 12  # so many points into the writing at most: two checkpoints

CHILD = """
import json, os, signal, sys
from course import checkpoint_format
from course.runner import run_lesson
from course.settings import Settings

left, write_whole = int(sys.argv[1]), checkpoint_format.write_whole

def point(file, part):
    global left
    left -= 1
    if left == 0:
        if part:
            (file.parent / ".unfinished-killed").write_bytes(part)
        os.kill(os.getpid(), signal.SIGKILL)

def dying(file, content):
    point(file, b"")
    point(file, content[: len(content) // 2])
    write_whole(file, content)
    point(file, b"")
    return file

checkpoint_format.write_whole = dying
run_lesson(4, Settings(**json.loads(sys.argv[2])))
"""


@dataclass
class Killer:
    """Starts lesson 4 on a backend, and kills it."""

    backend: str
    folder: Path
    rng: np.random.Generator
    longest: float = 0.0  # seconds that a whole run takes
    by_the_clock: int = 0
    in_a_checkpoint: int = 0
    compared: int = 0

    @property
    def kills(self) -> int:
        return self.by_the_clock + self.in_a_checkpoint

    def run(self, out: str, point: int = 0, after: float | None = None, **more: object) -> int:
        """Run the lesson; its status, which is negative where it was killed."""
        files = {"out": str(self.folder / out), "data": str(self.folder / "few.npz")}
        settings = {"backend": self.backend, "epochs": 3, "draw": False, "seed": 1} | files | more
        command = [sys.executable, "-c", CHILD, str(point), json.dumps(settings)]
        environ = environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)}
        with (self.folder / "said.txt").open("w") as log:
            child = subprocess.Popen(command, env=environ, stdout=log, stderr=log, cwd=ROOT)
            try:
                return child.wait(after)
            except subprocess.TimeoutExpired:
                child.kill()
                return child.wait()

    def record(self, out: str) -> bytes:
        """What the run has left."""
        (file,) = self.folder.glob(f"{out}/lesson4/{self.backend}-*/record.npz")
        return file.read_bytes()

    def chain(self, whole: bytes, wanted: int) -> None:
        """Kill until a run gets through, or there were kills enough; then compare."""
        status = -signal.SIGKILL
        while status:
            assert status == -signal.SIGKILL, (self.folder / "said.txt").read_text()
            enough = self.kills >= wanted
            clock = not enough and bool(self.rng.integers(2))
            point = 0 if clock or enough else int(self.rng.integers(1, POINTS + 1))
            after = float(self.rng.uniform(0.2, self.longest)) if clock else None
            every = CHECKPOINTS[self.rng.integers(2)]
            status = self.run("b", point, after, checkpoint=every, resume="auto")
            self.by_the_clock += clock and status != 0
            self.in_a_checkpoint += point > 0 and status != 0
        assert self.record("b") == whole, f"{self.backend}: another record after {self.kills} kills"
        left = {path.name for path in (self.folder / "b" / "lesson4").iterdir()}
        assert "checkpoints" not in left
        shutil.rmtree(self.folder / "b")
        self.compared += 1


def kill(backend: str, wanted: int, rng: np.random.Generator, folder: Path) -> Killer:
    """So many kills of a backend, in chains; AssertionError where one leaves another record."""
    few_images(folder)
    killer = Killer(backend, folder, rng)
    start = time.perf_counter()
    assert killer.run("a") == 0, (folder / "said.txt").read_text()
    killer.longest = time.perf_counter() - start
    whole = killer.record("a")
    while killer.kills < wanted:
        killer.chain(whole, wanted)
    print(
        f"\n{backend}: {killer.kills} kills ({killer.by_the_clock} by the clock, "
        f"{killer.in_a_checkpoint} in a checkpoint), {killer.compared} records compared, all equal"
    )
    assert killer.kills == wanted
    return killer


def killed(bench: Bench, backends: tuple[str, ...] = tuple(BACKENDS)) -> Iterator[Outcome]:
    """The kills of each backend; ten of NumPy in a sample."""
    for backend in backends if bench.full else ("numpy",):
        killer = kill(backend, KILLS_OF_EACH if bench.full else 10, bench.rng, bench.fresh())
        clock, written = (
            f"kill -9, {backend}: {how}" for how in ("by the clock", "in a checkpoint")
        )
        yield from [Outcome(clock, RIGHT)] * killer.by_the_clock
        yield from [Outcome(written, RIGHT)] * killer.in_a_checkpoint


# Ctrl-C, once and twice in quick succession, by the clock and at a change of the disk.

TIMES = {1: "once", 2: "twice"}
PRESS_ROWS = tuple(
    f"Ctrl-C {times}: {how}" for times in TIMES.values() for how in ("by the clock", "at a change")
)
PRESSES = 8  # of the table
STARTED = 0.1  # seconds until our code runs; an earlier Ctrl-C reaches Python itself
APART = (0.0, 0.3)  # seconds between two presses


def pressed(bench: Bench) -> Iterator[Outcome]:
    """Both ways, at random moments and intervals."""
    start = time.perf_counter()
    assert bench.run(bench.words(bench.out(), *OPTIONS)).status == 0
    longest = time.perf_counter() - start
    changes = some(bench, 2)
    for times, word in TIMES.items():
        for _ in range(PRESSES if bench.full else 1):
            yield clock(bench, times, float(bench.rng.uniform(STARTED, longest)))
        chosen = [
            changes[i] for i in bench.rng.permutation(len(changes))[: PRESSES if bench.full else 1]
        ]
        for change in chosen:
            out, log = bench.out(), bench.fresh() / "log"
            hook = set_trap(
                out, log, "lesson", change.nth, "press", times=times, apart=apart(bench)
            )
            done = bench.run(bench.words(out, *OPTIONS), hook)
            row = f"Ctrl-C {word}: at a change"
            if log.is_file():
                yield bench.judge(row, done, out, "--resume=auto")
            else:
                yield Outcome(row, WRONG, f"was not pressed: {change}")


def clock(bench: Bench, times: int, after: float) -> Outcome:
    """Press Ctrl-C so many seconds after the start."""
    out = bench.out()
    process = subprocess.Popen(
        bench.words(out, *OPTIONS), cwd=bench.folder, env=bench.environ(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        preexec_fn=accept_ctrl_c,
    )  # fmt: skip
    time.sleep(after)
    for i in range(times):
        time.sleep(apart(bench) if i else 0.0)
        process.send_signal(signal.SIGINT)
    stdout, err = process.communicate()
    done = Done(process.returncode, err, stdout)
    return bench.judge(f"Ctrl-C {TIMES[times]}: by the clock", done, out, "--resume=auto")


def apart(bench: Bench) -> float:
    """Seconds between two presses."""
    return float(bench.rng.uniform(*APART))
