"""Try every fault and write the table.

python -m tests.trust.faults --report docs/reports/faults.md

The counts are stored in counts.json beside this file, fault by fault (--only), so that the table
can be updated in parts; a part takes minutes, and the whole an hour or two. Those of the faults of
workers come from tests/workers/faults.py. --only without the name of a fault only writes the page.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from adapters import BACKENDS
from course.provenance import made_by
from tests.trust.faults import damage, dependencies, disk, signals, together
from tests.trust.faults.bench import HARMLESS, ONE_LINE, RIGHT, WRONG, Bench, Outcome
from tests.workers import faults as of_workers

RELAYED = (
    "relay over all backends, 100 steps each",
    "relay whose memory is forgotten, which fails",
)
COUNTS = Path(__file__).with_name("counts.json")


def relayed(bench: Bench) -> Iterator[Outcome]:
    """A relay over all backends stays within its budget; without the optimizer slots it does not.

    Each change of backend counts as a trial; the control counts once.
    """
    start = [sys.executable, "-P", "-m", "course.relay", f"--out={bench.fresh()}"]
    done = bench.run([*start, "--legs=" + " ".join(f"{name}:100" for name in BACKENDS)])
    times = len(BACKENDS) - 1
    passed = done.status == 0 and f"passed on {times} times, and within 1e-11" in done.out
    yield from [Outcome(RELAYED[0], RIGHT if passed else WRONG, done.out[-300:] + done.err)] * times
    done = bench.run([*start, "--legs=" + " ".join(f"{name}:5" for name in BACKENDS), "--forget"])
    failed = done.status == 1 and "FAILED: the relay left its budget" in done.out
    yield Outcome(RELAYED[1], ONE_LINE if failed else WRONG, done.out[-300:] + done.err)


FAULTS: dict[str, Callable[[Bench], Iterable[Outcome]]] = {
    f"kills-{backend}": lambda bench, backend=backend: signals.killed(bench, (backend,))
    for backend in BACKENDS
} | {
    "kill": disk.killed, "disk": disk.full, "read-only": disk.read_only, "Ctrl-C": signals.pressed,
    "together": together.at_once, "clock": together.clocks, "damage": damage.tried,
    "dependencies": dependencies.tried, "relay": relayed,
}  # fmt: skip
ROWS = (
    *signals.KILL_ROWS, *disk.ROWS, *signals.PRESS_ROWS, *together.ROWS, *damage.ROWS,
    *dependencies.ROWS, *RELAYED,
)  # fmt: skip
Counts = dict[str, dict[str, Any]]  # row: how often each end, and the seed


def tried(name: str, seed: int, full: bool) -> list[Outcome]:
    """Try one kind of fault."""
    with tempfile.TemporaryDirectory(prefix="triptych-faults-") as folder:
        rng = np.random.default_rng([seed, *name.encode()])
        return list(FAULTS[name](Bench(Path(folder), rng, full)))


def counted(outcomes: Iterable[Outcome], seed: int) -> Counts:
    """How often each row ended how."""
    counts: Counts = {}
    for one in outcomes:
        ends = counts.setdefault(one.row, {"seed": seed, "ends": {}})["ends"]
        ends[one.ended] = ends.get(one.ended, 0) + 1
    return counts


def report(counts: Counts) -> str:
    """The page for a reader, of all that was tried, on workers too."""
    ends = (RIGHT, ONE_LINE, HARMLESS, WRONG)
    total = [sum(stored["ends"].get(end, 0) for stored in counts.values()) for end in ends]
    kills_ = sum(n for row, stored in counts.items() if row in signals.KILL_ROWS
                 for n in stored["ends"].values())  # fmt: skip
    seeds = sorted({stored["seed"] for stored in counts.values()})
    lines = [
        "# Faults injected into running lessons, and what happens",
        "",
        made_by("python -m tests.trust.faults --report docs/reports/faults.md"),
        "",
        f"{sum(total)} faults in {len(counts)} places, seed {', '.join(map(str, seeds))}; "
        f"{total[-1]} lost or wrong. {kills_} of them are `kill -9` in the chains of the eight "
        "backends. After each fault one of three things is true. There is a correct result: the "
        "record is byte for byte that of an undisturbed run, at once or with `RESUME=auto` (a "
        "killed process prints nothing). Or there is one clear line and exit status 2 (130 for "
        "Ctrl-C), finished records are unchanged, and `RESUME=auto` completes the record. Or the "
        "changed byte does not matter: every number is read the same, bit for bit.",
        "",
        f"| fault | injected | {' | '.join(ends[:3])} | lost or wrong |",
        "|---|--:|--:|--:|--:|--:|",
    ]
    for row in ROWS:
        if row in counts:
            found = [counts[row]["ends"].get(end, 0) for end in ends]
            lines.append(f"| {row} | {sum(found)} | {' | '.join(map(str, found))} |")
    workers = json.loads(of_workers.COUNTS.read_text(encoding="utf-8"))
    return "\n".join([*lines, "", of_workers.section(workers)])


def main() -> int:
    """Try what was asked for; 1 if anything was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", choices=list(FAULTS), default=list(FAULTS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path, help="write a page of all stored counts")
    given = parser.parse_args()
    wrong = 0
    for name in given.only:
        outcomes = tried(name, given.seed, full=True)
        stored = json.loads(COUNTS.read_text(encoding="utf-8")) if COUNTS.is_file() else {}
        stored |= counted(outcomes, given.seed)
        COUNTS.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        for one in outcomes:
            if one.ended == WRONG:
                wrong += 1
                print(f"WRONG {one.row}: {one.why}")
        print(f"{name}: {len(outcomes)} faults", flush=True)
    if given.report:
        stored = json.loads(COUNTS.read_text(encoding="utf-8"))
        given.report.write_text(report(stored), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
