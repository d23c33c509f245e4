"""Faults at any change of the disk: a kill, a full disk, a folder that is read-only."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from course.record import Staging
from tests.trust.faults.bench import LESSON, PATIENCE, WRONG, Bench, Done, Outcome

# A hook that triggers a fault at the nth change of the disk, in each Python process of a run.
#
# An audit hook counts each file opened for writing, each rename, and each folder created or name
# removed below OUT. Just before the nth change it kills the process, fills the disk except for a
# page or two, removes the folders' permissions, or presses Ctrl-C. With n = 0 it logs the changes.
# The lesson and its figure writer count separately.

HOOK = r'''
import json, os, signal, sys, threading, time
SPEC = json.loads(TEXT)
OUT, LOG = SPEC["out"], SPEC["log"]
KIND = "printer" if "course.figure_writer" in sys.orig_argv else "lesson"
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
NAMES = ("os.rename", "os.mkdir", "os.remove", "os.rmdir")
count, busy = 0, False

def fill(pages):
    """Fill a small disk except for so many pages."""
    number, size, total = os.open(OUT + "/ballast", os.O_WRONLY | os.O_CREAT), 2**20, 0
    while size >= 4096:
        try:
            total += os.write(number, b"\0" * size)
        except OSError:
            size //= 4
    os.ftruncate(number, max(0, total // 4096 - pages) * 4096)
    os.close(number)

def take_rights():
    for folder, _, files in os.walk(OUT, topdown=False):
        for name in files:
            os.chmod(os.path.join(folder, name), 0o444)
        os.chmod(folder, 0o555)

def press(times, apart):
    for i in range(times - 1):
        timer = threading.Timer(apart * (i + 1), os.kill, (os.getpid(), signal.SIGINT))
        timer.daemon = True
        timer.start()
    os.kill(os.getpid(), signal.SIGINT)

DO = {
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL), "fill": lambda: fill(SPEC["pages"]),
    "take rights": take_rights, "press": lambda: press(SPEC["times"], SPEC["apart"]),
}

def path_of(event, args):
    if event == "open":
        if not isinstance(args[0], (str, bytes)) or not args[2] & WRITES:
            return ""
        return os.fsdecode(args[0])
    return os.fspath(args[1 if event == "os.rename" else 0]) if event in NAMES else ""

def hook(event, args):
    global count, busy
    if busy or event[:3] not in ("ope", "os."):
        return
    path = path_of(event, args)
    # shutil removes a folder name by name, with relative paths, which are not counted.
    if not path or not os.path.abspath(path).startswith(OUT + os.sep):
        return
    count += 1
    busy = True
    try:
        if not SPEC["nth"]:
            whence = os.fspath(args[0]) if event == "os.rename" else ""
            line = json.dumps([KIND, count, event, path, whence]) + "\n"
            number = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
            os.write(number, line.encode())
            os.close(number)
        elif (KIND, count) == (SPEC["kind"], SPEC["nth"]):
            open(LOG, "w").close()
            DO[SPEC["do"]]()
    finally:
        busy = False

sys.addaudithook(hook)
'''


@dataclass(frozen=True)
class Change:
    """One change of the disk by a run: its process and its file."""

    kind: str
    nth: int
    what: str


def set_trap(
    out: Path, log: Path, kind: str = "", nth: int = 0, do: str = "", **more: object
) -> str:
    """The hook's code for a run with this OUT; the log exists once the fault was triggered."""
    spec = {"out": str(out), "log": str(log), "kind": kind, "nth": nth, "do": do, **more}
    return f"TEXT = {json.dumps(spec)!r}\n{HOOK}"


def logged_changes(log: Path) -> list[Change]:
    """The changes that an undisturbed run has logged."""
    events = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    # A file is opened under a temporary name; its rename shows its final name.
    named = {
        (kind, whence): path for kind, _, event, path, whence in events if event == "os.rename"
    }
    return [
        Change(kind, nth, _what(event, named.get((kind, path), path)))
        for kind, nth, event, path, _ in events
    ]


def _what(event: str, path: str) -> str:
    place = Path(path)
    if "checkpoints" in place.parts:
        part = {".safetensors": "checkpoint's arrays", ".json": "checkpoint's card"}
        what = part.get(place.suffix, "checkpoints' folder or lock")
    elif place.suffix == ".png":
        what = "figure"
    else:
        names = {"record.npz": "record's arrays", "card.json": "record's card"}
        what = names.get(place.name, "record's folder or lock")
    removed = event in ("os.remove", "os.rmdir")
    return f"{'removing ' if removed else ''}{what}"


# Kill the process, fill the disk or make the folder read-only, just before any change of the disk.
#
# The changes are counted in an undisturbed run. Then, in one run each, the fault comes at the
# first, the second, … to the last change, so that each kind of file is hit at its first byte,
# inside, and at its rename. The full disk is a real one of a few megabytes, in a namespace of its
# own.

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


def undisturbed(bench: Bench) -> list[Change]:
    """The changes of a run that replaces an earlier record of its own, with checkpoints."""
    log, out = bench.fresh() / "log", bench.out()
    done = bench.run(bench.words(out, *OPTIONS), set_trap(out, log))
    assert done.status == 0, done.err
    return logged_changes(log)


def killed(bench: Bench) -> Iterator[Outcome]:
    """Each time there is a finished record of the same run, which must survive."""
    for change in some(bench, 4):
        log, out = bench.fresh() / "log", bench.out(bench.former)
        hook = set_trap(out, log, change.kind, change.nth, "kill")
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
        hook = set_trap(out, log, change.kind, change.nth, "fill", pages=pages)
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
        hook = set_trap(out, log, change.kind, change.nth, "take rights")
        done = bench.run([*without_privileges(), *bench.words(out, *OPTIONS)], hook)
        for path in (out, *out.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
        yield judged(bench, "take rights", change, log, done, out)


def some(bench: Bench, few: int) -> list[Change]:
    """The first and last change of each kind and one in between; or a few of different kinds.

    In the order of kinds, so that a few are of many.
    """
    kinds: dict[str, list[Change]] = {}
    for change in undisturbed(bench):
        kinds.setdefault(change.what, []).append(change)
    chosen = []
    for what, changes in sorted(kinds.items()):
        assert what in (*WRITTEN, *REMOVED), what
        within = changes[1:-1]
        between = [within[int(bench.rng.integers(len(within)))]] if within else []
        chosen += [changes[0], *between, *changes[1:][-1:]]
    return bench.some(chosen, few)


def judged(bench: Bench, do: str, change: Change, log: Path, done: Done, out: Path) -> Outcome:
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
