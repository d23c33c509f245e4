"""Kill the process, fill the disk or make the folder read-only, just before any change of the disk.

The changes are counted in an undisturbed run. Then, in one run each, the fault comes at the first,
the second, … to the last change, so that each kind of file is hit at its first byte, inside, and at
its rename. The full disk is a real one of a few megabytes, in a namespace of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from course.record import Staging
from tests.trust.faults import trap
from tests.trust.faults.bench import LESSON, PATIENCE, WRONG, Bench, Done, Outcome

OPTIONS = ("--checkpoint=90steps",)  # so many that the oldest are removed
WRITTEN = (
    "checkpoint's arrays", "checkpoint's card", "checkpoints' folder or lock", "figure",
    "record's arrays", "record's card", "record's folder or lock",
)  # fmt: skip
REMOVED = (
    "removing checkpoint's arrays", "removing checkpoint's card",
    "removing checkpoints' folder or lock", "removing record's folder or lock",
)  # fmt: skip
FAULTS = {"kill": "kill -9 at", "fill": "disk full at", "take rights": "OUT read-only from"}
ROWS = tuple(f"{fault} a {what}" for fault in FAULTS.values() for what in (*WRITTEN, *REMOVED))
DISK = "size=24m"
NO_DISK = "no namespace of one's own: full disks were NOT tested; let users make namespaces"


def undisturbed(bench: Bench) -> list[trap.Change]:
    """The changes of a run that replaces an earlier record of its own, with checkpoints."""
    log, out = bench.fresh() / "log", bench.out()
    done = bench.run(bench.words(out, *OPTIONS), trap.hook(out, log))
    assert done.status == 0, done.err
    return trap.changes(log)


def killed(bench: Bench) -> Iterator[Outcome]:
    """Each time there is a finished record of the same run, which must survive."""
    for change in some(bench, 4):
        log, out = bench.fresh() / "log", bench.out(bench.former)
        hook = trap.hook(out, log, change.kind, change.nth, "kill")
        done = bench.run(bench.words(out, *OPTIONS), hook)
        Staging(str(out), LESSON).discard()  # whoever starts next
        if bench.finished(out):
            yield judged(bench, "kill", change, log, done, out)
        else:
            row = f"{FAULTS['kill']} a {change.what}"
            yield Outcome(row, WRONG, f"a finished record is lost: {change.kind} {change.nth}")


def full(bench: Bench) -> Iterator[Outcome]:
    """Zero, one, two or four pages are left, so that a file is written partly or not at all."""
    for change in some(bench, 3):
        log, out, copy = bench.fresh() / "log", bench.out(), bench.fresh() / "copy"
        pages = int(bench.rng.choice([0, 1, 2, 4]))
        hook = trap.hook(out, log, change.kind, change.nth, "fill", pages=pages)
        script = (
            f'mount -t tmpfs -o {DISK} tmpfs "$OUT" && cp -a "$EARLIER/." "$OUT" || exit 99\n'
            '"$@"\nstatus=$?\nrm -f "$OUT/ballast"\ncp -a "$OUT/." "$COPY/" || exit 98\n'
            "exit $status"
        )
        copy.mkdir()
        variables = {"OUT": str(out), "EARLIER": str(bench.earlier), "COPY": str(copy)}
        done = bench.run(
            ["unshare", "-rm", "env", *(f"{k}={v}" for k, v in variables.items()),
             "sh", "-c", script, "sh", *bench.words(out, *OPTIONS)], hook,
        )  # fmt: skip
        shutil.rmtree(out)
        copy.rename(out)
        yield judged(bench, "fill", change, log, done, out)


def read_only(bench: Bench) -> Iterator[Outcome]:
    """By permissions, because a disk with open files cannot be made read-only."""
    for change in some(bench, 3):
        log, out = bench.fresh() / "log", bench.out()
        hook = trap.hook(out, log, change.kind, change.nth, "take rights")
        done = bench.run([*without_privileges(), *bench.words(out, *OPTIONS)], hook)
        for path in (out, *out.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield judged(bench, "take rights", change, log, done, out)


def some(bench: Bench, few: int) -> list[trap.Change]:
    """The first and last change of each kind and one in between; or a few of different kinds.

    In the order of kinds, so that a few are of many.
    """
    kinds: dict[str, list[trap.Change]] = {}
    for change in undisturbed(bench):
        kinds.setdefault(change.what, []).append(change)
    chosen = []
    for what, changes in sorted(kinds.items()):
        assert what in (*WRITTEN, *REMOVED), what
        within = changes[1:-1]
        between = [within[int(bench.rng.integers(len(within)))]] if within else []
        chosen += [changes[0], *between, *changes[1:][-1:]]
    return bench.some(chosen, few)


def judged(bench: Bench, do: str, change: trap.Change, log: Path, done: Done, out: Path) -> Outcome:
    """The outcome of a run; a fault that was not triggered is an error of the harness."""
    row = f"{FAULTS[do]} a {change.what}"
    if not log.is_file():
        return Outcome(row, WRONG, f"was not put in: change {change.nth} of the {change.kind}")
    return bench.judge(row, done, out, "--resume=auto")


def without_privileges() -> list[str]:
    """A command prefix that drops root's rights, to which permissions do not apply."""
    root = os.geteuid() == 0
    return ["setpriv", "--inh-caps=-all", "--bounding-set=-all"] if root else []


@cache
def why_no_disk() -> str:
    """The reason why no small disk can be made here; empty if it can."""
    if not shutil.which("unshare"):
        return "unshare is not there"
    tried = subprocess.run(
        ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=1m tmpfs /mnt"],
        capture_output=True, text=True, check=False, timeout=PATIENCE,
    )  # fmt: skip
    return tried.stderr.strip() if tried.returncode else ""


def need_disk() -> None:
    """Skip the test with a warning if no small disk can be made, or fail it if required."""
    if why := why_no_disk():
        say = pytest.fail if os.environ.get("TRIPTYCH_SANDBOX") == "required" else pytest.skip
        say(f"{NO_DISK} ({why})")
