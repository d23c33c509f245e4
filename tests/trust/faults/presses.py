"""Ctrl-C, once and twice in quick succession, by the clock and at a change of the disk."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Iterator

from tests.trust.faults.bench import WRONG, Bench, Done, Outcome, accept_ctrl_c
from tests.trust.faults.disk import OPTIONS, set_trap, some

TIMES = {1: "once", 2: "twice"}
ROWS = tuple(
    f"Ctrl-C {times}: {how}" for times in TIMES.values() for how in ("by the clock", "at a change")
)
EACH = 8  # of the table
STARTED = 0.1  # seconds until our code runs; an earlier Ctrl-C reaches Python itself
APART = (0.0, 0.3)  # seconds between two presses


def tried(bench: Bench) -> Iterator[Outcome]:
    """Both ways, at random moments and intervals."""
    start = time.perf_counter()
    assert bench.run(bench.words(bench.out(), *OPTIONS)).status == 0
    longest = time.perf_counter() - start
    changes = some(bench, 2)
    for times, word in TIMES.items():
        for _ in range(EACH if bench.full else 1):
            yield clock(bench, times, float(bench.rng.uniform(STARTED, longest)))
        chosen = [
            changes[i] for i in bench.rng.permutation(len(changes))[: EACH if bench.full else 1]
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
