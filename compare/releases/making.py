"""Make the rows of a backend that are missing, one after the other."""

from __future__ import annotations

import platform
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from adapters import BACKENDS
from compare import fingerprint
from compare.budgets import DTYPES
from compare.drift.environments import HOME, BuildError, build
from compare.releases.measuring import LESSONS, Subject, measure, references
from compare.releases.processor import processor
from compare.releases.releases import Release
from course.environments import remove
from datasets.atomic_files import write_whole
from triptych.differences.reading import read_all as read_entries
from triptych.ledger.causes import read_causes
from triptych.ledger.changes import Change, history
from triptych.ledger.rows import LedgerError, Row, read, read_all

# What pip prints about a release that this Python can never install; anything else (a network, a
# full disk) may be otherwise tomorrow, and makes no row.
NEVER = re.compile(
    r"No matching distribution|No solution found|no wheels|ResolutionImpossible|conflict"
    r"|requires a different Python|Failed to build|metadata-generation-failed"
    r"|not a supported wheel",
    re.IGNORECASE,
)
# What entries of the catalogue use beside a framework.
BESIDE = {"jax": ("flax", "optax")}
# What a minor release needs and does not declare: until 2.2 PyTorch was built for NumPy 1.
UNDECLARED = {("torch", "2.2"): {"numpy": "1.26.4"}}
Say = Callable[[str], object]


def missing(
    backend: str, releases: Sequence[Release], home: Path, fresh: bool, say: Say
) -> list[Release]:
    """The releases whose row has to be made: there is none, or it is damaged, or `fresh`."""
    left = []
    for release in releases:
        file = home / f"{backend}-{release.version}.json"
        try:
            if fresh or not file.is_file():
                left.append(release)
            else:
                read(file)
        except LedgerError as error:
            say(str(error))
            left.append(release)
    return left


def make(
    backend: str, releases: Sequence[Release], home: Path, jobs: int, say: Say
) -> list[Row]:  # fmt: skip
    """Measure releases and write their rows. An environment is removed after its row."""
    rows: list[Row] = []
    if not releases:
        return rows
    say("NumPy's records, by which all are judged")
    reference = references()
    for release in releases:
        start = time.monotonic()
        row = row_of(backend, release, reference, jobs)
        write_whole(home / row.file, row.text().encode())
        rows.append(row)
        state = f"does not run: {row.refused}" if row.refused else "measured"
        seconds = time.monotonic() - start
        fetching = row.seconds.get("environment", 0.0)
        say(f"{row.name}: {state}; {seconds:.0f} s, of which {fetching:.0f} s for its environment")
    return rows


def row_of(backend: str, release: Release, reference: dict[str, Path], jobs: int) -> Row:
    """The row of one release; one that cannot be installed is a row that says so."""
    package, start = BACKENDS[backend].packages[0], time.monotonic()
    folder = HOME / f"{backend}-{release.version}"
    subject = Subject(backend, package, release.version, release.released, Path())
    try:
        minor = ".".join(release.version.split(".")[:2])
        needed = UNDECLARED.get((package, minor), {})
        python, _ = build(backend, package, release.version, BESIDE.get(backend, ()), needed)
        subject = Subject(backend, package, release.version, release.released, python)
        return measure(subject, reference, jobs, time.monotonic() - start)
    except BuildError as error:
        if not NEVER.search(str(error)):
            raise
        return not_installable(subject, str(error))
    finally:
        if folder.exists():
            remove(folder)


def not_installable(subject: Subject, reason: str) -> Row:
    """The row of a release that pip cannot install."""
    failed = {"status": "failed", "reason": reason, "stages": {}}
    lessons = {str(lesson): dict.fromkeys(DTYPES, failed) for lesson in LESSONS}
    return Row(
        subject.backend, subject.package, subject.version, subject.released,
        python=platform.python_version(), processor=processor(), code=fingerprint.code(),
        refused=reason, unobserved=reason, lessons=lessons,
    )  # fmt: skip


def news(backend: str, made: Sequence[Row], home: Path) -> list[Change]:
    """What the rows that were made now changed, each against the one before it."""
    entries = {entry.name: entry for entry in read_entries()}
    of_backend = history(read_all(home, backend), entries, read_causes(home))
    names = {row.name for row in made}
    return [change for change in of_backend.changes if change.row.name in names]
