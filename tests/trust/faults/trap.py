"""A hook that triggers a fault at the nth change of the disk, in each Python process of a run.

An audit hook counts each file opened for writing, each rename, and each folder created or name
removed below OUT. Just before the nth change it kills the process, fills the disk except for a page
or two, removes the folders' permissions, or presses Ctrl-C. With n = 0 it logs the changes. The
lesson and its figure writer count separately.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

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


def hook(out: Path, log: Path, kind: str = "", nth: int = 0, do: str = "", **more: object) -> str:
    """The hook's code for a run with this OUT; the log exists once the fault was triggered."""
    spec = {"out": str(out), "log": str(log), "kind": kind, "nth": nth, "do": do, **more}
    return f"TEXT = {json.dumps(spec)!r}\n{HOOK}"


def changes(log: Path) -> list[Change]:
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
