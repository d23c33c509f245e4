"""Two lessons that write to the same OUT at once, and a clock that is moved by years meanwhile."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.trust.faults.bench import ONE_LINE, RIGHT, WRONG, Bench, Done, Outcome

PAIRS = {
    "the same lesson": ((), ()),
    "the same lesson with checkpoints": (("--checkpoint=5steps",), ("--checkpoint=9steps",)),
    "the same lesson, one with checkpoints": (("--checkpoint=5steps",), ()),
    "another seed": ((), ("--seed=3",)),
    "another lesson": ((), ("--lesson",)),
}
YEARS = {"forward": 20, "backward": -20}
CLOCKS = ("while it runs", "since what is there was written")
ROWS = (
    *(f"two at once: {pair}" for pair in PAIRS),
    *(f"clock moved {way}: {when}" for way in YEARS for when in CLOCKS),
)
EACH = 4  # of the table
YEAR = 365 * 86400

JUMP = """
import sys, time
SECONDS, CALLS = {seconds}, {calls}
real, real_ns, made = time.time, time.time_ns, 0

def moved():
    global made
    made += 1
    return SECONDS if made > CALLS else 0

time.time = lambda: real() + moved()
time.time_ns = lambda: real_ns() + moved() * 10**9
"""


def at_once(bench: Bench) -> Iterator[Outcome]:
    """Run each pair, the second one after a random moment."""
    for name in bench.some(list(PAIRS), 2):
        first, second = PAIRS[name]
        for _ in range(EACH if bench.full else 1):
            yield _pair(bench, f"two at once: {name}", first, second)


def _pair(bench: Bench, row: str, first: tuple[str, ...], second: tuple[str, ...]) -> Outcome:
    out = bench.out()
    other = bench.words(out, *second)
    if second == ("--lesson",):
        other = bench.words(out, number=2)
        other = [word for word in other if not word.startswith("--data")]
    wait = f"import time; time.sleep({float(bench.rng.uniform(0, 0.5))})\n"
    processes = [
        subprocess.Popen(words, cwd=bench.folder, env=bench.environ(hook), text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        for words, hook in ((bench.words(out, *first), "pass"), (other, wait))
    ]  # fmt: skip
    ended = [(*process.communicate(), process.returncode) for process in processes]
    runs = [Done(status, err, stdout) for stdout, err, status in ended]
    refused = [run for run in runs if run.status]
    wrong = bench.find_damage(out) or ("" if bench.finished(out) else "no finished record")
    for run in refused:
        if not run.one_line or "is in use: process" not in run.err:
            wrong = wrong or f"status {run.status}: {run.err[-300:]!r}"
    if len(refused) == 2:
        wrong = wrong or "neither has run"
    if not wrong and any(path.name.startswith(".") for path in out.rglob("*")):
        wrong = "something hidden is left"
    return Outcome(row, WRONG if wrong else ONE_LINE if refused else RIGHT, wrong)


def clocks(bench: Bench) -> Iterator[Outcome]:
    """Move the clock by twenty years, during a run or after files were written."""
    for way, years in YEARS.items():
        for i in range(EACH if bench.full else 1):
            out, calls = bench.out(), int(bench.rng.integers(0, 200))
            hook = JUMP.format(seconds=years * YEAR, calls=calls)
            # Half of them with checkpoints.
            options = ("--checkpoint=5steps",) if i % 2 else ()
            done = bench.run(bench.words(out, *options), hook)
            yield _finished(bench, f"clock moved {way}: {CLOCKS[0]}", done, out)
        for _ in range(EACH if bench.full else 1):
            yield _old_files(bench, f"clock moved {way}: {CLOCKS[1]}", years)


def _old_files(bench: Bench, row: str, years: int) -> Outcome:
    """Files of an active run and checkpoints of a killed one, dated decades ago or ahead."""
    out = bench.out()
    running = subprocess.Popen(
        bench.words(out, seed=3), cwd=bench.folder, env=bench.environ(), text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    killed = bench.run(bench.words(out, "--checkpoint=5steps", "--no-figures"), DIES)
    for path in out.rglob("*"):
        _age(path, -years)
    done = bench.run(bench.words(out, "--resume=auto"))
    _, err = running.communicate()
    if killed.status >= 0 or running.returncode or "resumes from" not in done.out:
        return Outcome(
            row, WRONG, f"{killed.status}, {running.returncode}: {err} {done.out[-300:]}"
        )
    return _finished(bench, row, done, out)


DIES = """
import sys, os, signal
count = 0
def hook(event, args):
    global count
    if event == "os.rename" and str(args[1]).endswith(".json") and "checkpoints" in str(args[1]):
        count += 1
        if count == 5:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(hook)
"""


def _age(path: Path, years: int) -> None:
    try:
        at = path.stat().st_mtime + years * YEAR
        os.utime(path, (at, at))
    except OSError:  # the active run has removed it
        return


def _finished(bench: Bench, row: str, done: Done, out: Path) -> Outcome:
    failure = "" if not done.status and bench.finished(out) else done.err[-300:]
    wrong = bench.find_damage(out) or failure
    return Outcome(row, WRONG if wrong or done.status else RIGHT, wrong)
