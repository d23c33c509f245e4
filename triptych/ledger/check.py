"""Compare the installed framework with its row of the ledger.

The catalogue runs wherever this package is. In a checkout the lessons run too, by the program that
makes the rows. On another processor other bits are no change; what counts is the budget.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from rich.console import Console

from triptych.backends import BACKENDS
from triptych.differences.processes import ROOT
from triptych.differences.reading import read_all as read_entries
from triptych.errors import require, unknown
from triptych.ledger.changes import history
from triptych.ledger.listing import sentence
from triptych.ledger.observing import observe
from triptych.ledger.quantities import SIGNS
from triptych.ledger.rows import LedgerError, Row, by_backend, order, read, read_all

MAKER = ROOT / "compare" / "releases" / "here.py"  # only in a checkout
CHANGED, CANNOT = 1, 2


def main(screen: Console, home: Path, backend: str) -> int:
    """Check one backend, or all that are installed and have a row of their version."""
    require(backend in ("", *BACKENDS), unknown("backend", backend, BACKENDS), LedgerError)
    rows = by_backend(read_all(home))
    pairs = {name: row_of(name, rows.get(name, [])) for name in ([backend] if backend else rows)}
    for name, found in pairs.items():
        if isinstance(found, str):
            screen.print(f"{name}: {found}", markup=False, soft_wrap=True)
    ready = {name: row for name, row in pairs.items() if isinstance(row, Row)}
    if not ready:
        screen.print("nothing can be compared", markup=False)
        return CANNOT
    statuses = [compare(screen, row) for row in ready.values()]
    return max(statuses)


def row_of(backend: str, rows: list[Row]) -> Row | str:
    """The row of the installed version, or why there is none."""
    package = BACKENDS[backend].packages[0]
    try:
        installed = version(package).partition("+")[0]
    except PackageNotFoundError:
        return "not installed"
    for row in rows:
        if row.version == installed:
            return row
    if not rows:
        return "the ledger has no rows of it"
    near = min(rows, key=lambda row: [abs(a - b) for a, b in zip(order(row.version),
               order(installed), strict=False)])  # fmt: skip
    return (
        f"{installed} is installed and has no row; the nearest is {near.version}. "
        f"`make ledger BACKEND={backend} VERSIONS={installed}` makes one"
    )


def compare(screen: Console, row: Row) -> int:
    """Measure the installed framework, print what differs from its row; the exit status."""
    ours = measured(row)
    entries = {entry.name: entry for entry in read_entries()}
    found = history([row, ours], entries)
    states = [one[-1] for one in found.states.values()]
    changes = [one for one in found.changes if one.state in ("changed", "broken", "works")]
    for change in found.changes:
        screen.print(sentence(change, entries))
    if ours.processor != row.processor:
        screen.print(f"made on another processor ({row.processor}; here {ours.processor}): other "
                     "bits are expected", markup=False, soft_wrap=True)  # fmt: skip
    if not ours.lessons:
        screen.print("only the catalogue: the lessons need a checkout of the course", markup=False)
    counts = ", ".join(f"{states.count(one)} {one}" for one in SIGNS if one in states)
    screen.print(f"{row.name}: {counts}", markup=False)
    return CHANGED if changes else 0


def measured(row: Row) -> Row:
    """The installed framework's own row: whole in a checkout, elsewhere the catalogue alone."""
    if not MAKER.is_file():
        return replace(
            row, lessons={}, defaults={}, catalogue=observe(row.backend), companions={}, refused="",
            processor=row.processor, unobserved="",
        )  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="triptych-") as scratch:
        file = Path(scratch, "row.json")
        arguments = ["-P", "-m", "compare.releases.here", row.backend, row.version, str(file)]
        done = subprocess.run(
            [sys.executable, *arguments], env=os.environ | {"PYTHONPATH": str(ROOT)}, text=True,
            capture_output=True, check=False, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        reason = lines[-1] if lines else f"exit status {done.returncode}"
        require(file.is_file(), f"{row.name} cannot be measured: {reason}", LedgerError)
        return read(file)
