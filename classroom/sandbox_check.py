"""Do the walls stand? Tried with a small program before anything that was handed in is started.

A sandbox that is installed may still be forbidden, or leak on a machine nobody has tried. So a
probe inside it attempts what a submission must not be able to do, and each thing that it manages is
a reason not to grade.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from adapters.contract import TriptychError
from classroom.control_groups import groups
from classroom.limits import INTERVAL
from classroom.sandbox import Sandbox, sandbox
from classroom.system_calls import MACHINES, allowed
from course.settings import ROOT

PATIENCE = 60.0  # seconds; it takes a twentieth of one
CANARY = "not to be read, not to be changed"
# Without walls a submission can do whatever its teacher can.
INSTEAD = "or, if you trust everybody who handed in, grade without walls by TRUST=yes"
REMEDIES = (
    "allow user namespaces (Ubuntu 24.04: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0;"
    " a container: its security options), or run as root"
)

# Standard library only; prints the walls that do not stand, as a list.
PROBE = """
import ctypes, json, mmap, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
canary, solutions, checks, module = sys.argv[1:]
fallen = []

def attempt(what, action):
    try:
        action()
    except OSError:
        return
    fallen.append(what)

def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

def lock():
    import fcntl
    with open("locked", "w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX, 1, 1)

UNSEEN = "memory can be had that no process is seen to hold"

attempt("files outside can be read", lambda: open(canary).read())
attempt("files outside can be written", lambda: open(canary, "r+").write("changed"))
attempt("the solutions can be read", lambda: os.listdir(solutions))
attempt("the checks can be read", lambda: os.listdir(checks))
attempt("the checkout can be written", lambda: open(module, "a"))
attempt("the system can be written", lambda: os.open("/usr", os.O_TMPFILE | os.O_RDWR))
attempt("sockets can be opened", lambda: socket.socket(socket.AF_INET))
attempt("sockets can be opened", lambda: socket.socket(socket.AF_UNIX))
attempt("namespaces can be made", lambda: call("unshare", 0x10000000))  # of users
attempt(UNSEEN, lambda: call("semget", 0, 1, 0o1600))
attempt(UNSEEN, lambda: call("msgget", 0, 0o1600))
attempt(UNSEEN, lambda: call("shmget", 0, 4096, 0o1600))
attempt(UNSEEN, lambda: os.memfd_create("probe"))
attempt(UNSEEN, lambda: mmap.mmap(-1, 4096))
attempt(UNSEEN, lambda: open("/dev/zero"))
attempt(UNSEEN, lambda: open("/dev/ptmx"))
attempt(UNSEEN, lock)
others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
if len(others) > 1:
    fallen.append("other processes can be seen")
if os.geteuid() == 0:
    fallen.append("it is root")
with open("/proc/net/dev") as lines:
    if any(":" in line and line.split(":")[0].strip() != "lo" for line in lines):
        fallen.append("the network can be reached")
open("written", "w").write("its own folder")
print(json.dumps(fallen))
"""


class NoSandbox(TriptychError):
    """What is handed in cannot be confined here."""


class Leaks(NoSandbox):
    """There is a sandbox, and it lets something through."""


def tested() -> Sandbox:
    """The sandbox of this machine, tried out. Raises NoSandbox, which says what to do."""
    if sys.platform != "linux":
        raise NoSandbox(f"there is no sandbox on {sys.platform}: grade on Linux, {INSTEAD}")
    found = sandbox()
    if os.uname().machine not in MACHINES:
        raise NoSandbox(
            f"there is no list of system calls for {os.uname().machine}: grade on a machine with "
            f"{' or '.join(MACHINES)}, {INSTEAD}"
        )
    if found is None:
        raise NoSandbox(f"no sandbox: install bubblewrap (`apt-get install bubblewrap`), {INSTEAD}")
    fallen = breaches(found)
    if fallen:
        raise Leaks(
            f"the sandbox does not hold here ({', '.join(fallen)}): try another machine, {INSTEAD}"
        )
    return replace(found, groups=groups())


def protection(room: Sandbox) -> str:
    """In a line: what a submission may call, and who holds its memory."""
    calls = f"{len(allowed(os.uname().machine))} system calls"
    if room.groups is not None:
        return f"walls: they stand; {calls}; memory held by control groups ({room.groups.kind})"
    return (
        f"walls: they stand; {calls}; memory watched every {INTERVAL:g} s, since this machine "
        "gives no control group that holds"
    )


def breaches(room: Sandbox) -> list[str]:
    """What a program in this room can do and must not. Raises NoSandbox if it cannot even run."""
    with tempfile.TemporaryDirectory(prefix="triptych-walls-") as name:
        canary, own = Path(name, "canary"), Path(name, "own")
        canary.write_text(CANARY, encoding="utf-8")
        own.mkdir()
        argv = [sys.executable, "-I", "-S", "-c", PROBE, str(canary)]
        hidden = (ROOT / "lessons" / "solutions", ROOT / "classroom" / "checks")
        argv += [*map(str, hidden), str(Path(__file__))]
        try:
            done = subprocess.run(
                room.command(argv, own), capture_output=True, text=True, check=False,
                timeout=PATIENCE, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NoSandbox(f"bwrap hangs on this machine: {REMEDIES}, {INSTEAD}") from None
        if done.returncode:
            said = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
            raise NoSandbox(f"bwrap cannot make a sandbox here ({said}): {REMEDIES}, {INSTEAD}")
        fallen: list[str] = json.loads(done.stdout)
        if canary.read_text(encoding="utf-8") != CANARY:
            fallen.append("a file outside was changed")
        if any(own.iterdir()):
            fallen.append("what it writes reaches the disk")
        return sorted({*fallen})
