"""Run a lesson in a watched or a sandboxed process, and examine its effects.

Watched: an audit hook in every Python process of the run refuses sockets and logs each file that is
opened for writing. Sandboxed: bubblewrap makes the whole machine read-only, except for the folders
that a run may write to, and the network empty, also for processes other than Python.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from course.settings import ROOT
from tests.waiting import PATIENCE

# Events of CPython's audit table. An unused local socket is harmless; one that is bound or connects
# is not. Refusals are logged too, so that a run which ignores the error is still noticed.
HOOK = """\
import os, sys
REFUSED = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname",
           "socket.gethostbyaddr", "socket.getnameinfo", "socket.sendto", "socket.sendmsg")
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC
LOG = os.open(LOG_FILE, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
CHANGES = ("os.mkdir", "os.rename", "os.link", "os.symlink", "os.truncate")

def say(kind, text):
    os.write(LOG, f"{kind} {text}\\n".encode("utf-8", "replace"))

def hook(event, args):
    if event in REFUSED:
        say("socket", f"{event} {args[1:]}")
        raise PermissionError(f"refused: {event}")
    if event == "open" and isinstance(args[0], (str, bytes)) and args[2] & WRITES:
        say("write", os.path.abspath(os.fsdecode(args[0])))
    elif event in CHANGES:
        for path in args[: 1 if event in ("os.mkdir", "os.truncate") else 2]:
            if isinstance(path, (str, bytes, os.PathLike)):
                say("write", os.path.abspath(os.fsdecode(path)))

sys.addaudithook(hook)
say("process", " ".join(sys.orig_argv))
"""
NO_SANDBOX = "no sandbox: lessons with a read-only home were NOT tested; install bubblewrap"


@dataclass(frozen=True)
class Place:
    """The folders of one run, all of its own."""

    top: Path

    def __post_init__(self) -> None:
        for name in ("home", "cwd", "tmp", "out", "hook"):
            (self.top / name).mkdir(parents=True)

    def __getattr__(self, name: str) -> Path:
        return self.top / name

    def listing(self) -> set[str]:
        """Every file and folder below, except the hook's own."""
        paths = {str(path.relative_to(self.top)) for path in self.top.rglob("*")}
        return {path for path in paths if Path(path).parts[0] != "hook"}

    def logged(self, kind: str) -> list[str]:
        """The hook's log entries of this kind."""
        lines = (self.hook / "log").read_text(encoding="utf-8").splitlines()
        return [line.partition(" ")[2] for line in lines if line.partition(" ")[0] == kind]


def environ(place: Place, hooked: bool, **changes: str) -> dict[str, str]:
    """The environment of a run with the place's home and temporary folder."""
    path = str(ROOT)
    if hooked:
        text = f"LOG_FILE = {str(place.hook / 'log')!r}\n{HOOK}"
        (place.hook / "sitecustomize.py").write_text(text, encoding="utf-8")
        path = f"{place.hook}{os.pathsep}{ROOT}"
    return {
        "PATH": os.environ["PATH"], "HOME": str(place.home), "TMPDIR": str(place.tmp),
        "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", **changes,
    }  # fmt: skip


def start(
    command: list[str], place: Place, variables: dict[str, str], before: list[str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments in the run's folder; before: a command prefix."""
    return subprocess.run(
        [*(before or []), sys.executable, *command], cwd=place.cwd, env=variables,
        capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=PATIENCE,
    )  # fmt: skip


def lesson(number: int, backend: str, place: Place) -> list[str]:
    """The arguments that run a lesson for one epoch, with figures."""
    choices = [f"--backend={backend}", "--device=cpu", "--epochs=1", f"--out={place.out}"]
    return ["-P", "-m", "course", f"lesson{number}", *choices]


def record(place: Place) -> bytes:
    """The bytes of the record of a run, which have no time stamp."""
    (file,) = place.out.rglob("record.npz")
    return file.read_bytes()


def sandboxed(*writable: Path) -> list[str]:
    """A command prefix that allows writing to these folders only, and no network."""
    words = ["bwrap", "--die-with-parent", "--unshare-net", "--ro-bind", "/", "/"]
    words += ["--dev", "/dev", "--proc", "/proc"]
    for folder in writable:
        words += ["--bind", str(folder), str(folder)]
    return words


@cache
def _why_no_sandbox() -> str:
    if not shutil.which("bwrap"):
        return "bwrap is not there"
    tried = subprocess.run([*sandboxed(), "true"], capture_output=True, text=True, check=False)
    return tried.stderr.strip() if tried.returncode else ""


def need_sandbox() -> None:
    """Skip the test with a warning if there is no bubblewrap, or fail it if that is required."""
    if why := _why_no_sandbox():
        say = pytest.fail if os.environ.get("TRIPTYCH_SANDBOX") == "required" else pytest.skip
        say(f"{NO_SANDBOX} ({why})")
