"""A relay over all backends stays within its budget; without the optimizer slots it does not."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from adapters import BACKENDS
from tests.trust.faults.bench import ONE_LINE, RIGHT, WRONG, Bench, Outcome

ROWS = ("relay over all backends, 100 steps each", "relay whose memory is forgotten, which fails")


def tried(bench: Bench) -> Iterator[Outcome]:
    """Each change of backend counts as a trial; the control counts once."""
    start = [sys.executable, "-P", "-m", "course.relay", f"--out={bench.fresh()}"]
    done = bench.run([*start, "--legs=" + " ".join(f"{name}:100" for name in BACKENDS)])
    times = len(BACKENDS) - 1
    passed = done.status == 0 and f"passed on {times} times, and within 1e-11" in done.out
    yield from [Outcome(ROWS[0], RIGHT if passed else WRONG, done.out[-300:] + done.err)] * times
    done = bench.run([*start, "--legs=" + " ".join(f"{name}:5" for name in BACKENDS), "--forget"])
    failed = done.status == 1 and "FAILED: the relay left its budget" in done.out
    yield Outcome(ROWS[1], ONE_LINE if failed else WRONG, done.out[-300:] + done.err)
