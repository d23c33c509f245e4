"""Verify the sandbox before grading.

An installed sandbox may be forbidden by the system, or leak on an untested machine. So a probe
program inside it attempts everything that a submission must not be able to do. If one attempt
succeeds, nothing is graded.
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

PATIENCE = 60.0  # seconds; the probe takes 0.05
CANARY = "must not be read, must not be changed"
# Without a sandbox a submission can do whatever its teacher can.
ALTERNATIVE = "or, if you trust all submissions, grade without a sandbox (TRUST=yes)"
REMEDIES = (
    "allow user namespaces (Ubuntu 24.04: sysctl -w kernel.apparmor_restrict_unprivileged_userns=0;"
    " a container: its security options), or run as root"
)

# Standard library only; prints the list of attempts that succeeded.
PROBE = """
import ctypes, json, mmap, os, socket, sys
libc = ctypes.CDLL(None, use_errno=True)
canary, solutions, checks, module = sys.argv[1:]
breaches = []

def attempt(breach, action):
    try:
        action()
    except OSError:
        return
    breaches.append(breach)

def call(name, *arguments):
    if getattr(libc, name)(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

def lock():
    import fcntl
    with open("locked", "w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX, 1, 1)

UNCOUNTED = "memory can be allocated that is counted for no process"

attempt("files outside can be read", lambda: open(canary).read())
attempt("files outside can be written", lambda: open(canary, "r+").write("changed"))
attempt("the solutions can be read", lambda: os.listdir(solutions))
attempt("the checks can be read", lambda: os.listdir(checks))
attempt("the checkout can be written", lambda: open(module, "a"))
attempt("the system can be written", lambda: os.open("/usr", os.O_TMPFILE | os.O_RDWR))
attempt("sockets can be opened", lambda: socket.socket(socket.AF_INET))
attempt("sockets can be opened", lambda: socket.socket(socket.AF_UNIX))
attempt("namespaces can be made", lambda: call("unshare", 0x10000000))  # of users
attempt(UNCOUNTED, lambda: call("semget", 0, 1, 0o1600))
attempt(UNCOUNTED, lambda: call("msgget", 0, 0o1600))
attempt(UNCOUNTED, lambda: call("shmget", 0, 4096, 0o1600))
attempt(UNCOUNTED, lambda: os.memfd_create("probe"))
attempt(UNCOUNTED, lambda: mmap.mmap(-1, 4096))
attempt(UNCOUNTED, lambda: open("/dev/zero"))
attempt(UNCOUNTED, lambda: open("/dev/ptmx"))
attempt(UNCOUNTED, lock)
others = [name for name in os.listdir("/proc") if name.isdigit() and int(name) != os.getpid()]
if len(others) > 1:
    breaches.append("other processes can be seen")
if os.geteuid() == 0:
    breaches.append("it is root")
with open("/proc/net/dev") as lines:
    if any(":" in line and line.split(":")[0].strip() != "lo" for line in lines):
        breaches.append("the network can be reached")
open("written", "w").write("its own folder")
print(json.dumps(breaches))
"""


class NoSandbox(TriptychError):
    """Submissions cannot be confined on this machine."""


class Leaks(NoSandbox):
    """The sandbox does not confine submissions completely."""


def verified_sandbox() -> Sandbox:
    """The sandbox of this machine, after a check. Raises NoSandbox, with a remedy."""
    if sys.platform != "linux":
        raise NoSandbox(f"there is no sandbox on {sys.platform}: grade on Linux, {ALTERNATIVE}")
    candidate = sandbox()
    if os.uname().machine not in MACHINES:
        raise NoSandbox(
            f"there is no list of system calls for {os.uname().machine}: grade on a machine with "
            f"{' or '.join(MACHINES)}, {ALTERNATIVE}"
        )
    if candidate is None:
        raise NoSandbox(
            f"no sandbox: install bubblewrap (`apt-get install bubblewrap`), {ALTERNATIVE}"
        )
    breaches = find_breaches(candidate)
    if breaches:
        raise Leaks(
            f"the sandbox leaks here ({', '.join(breaches)}): try another machine, {ALTERNATIVE}"
        )
    return replace(candidate, groups=groups())


def protection(confined: Sandbox) -> str:
    """One line about the sandbox: the system calls it allows, and how memory is limited."""
    calls = f"{len(allowed(os.uname().machine))} system calls"
    if confined.groups is not None:
        return (
            f"sandbox: verified; {calls}; memory limited by control groups ({confined.groups.kind})"
        )
    return (
        f"sandbox: verified; {calls}; memory watched every {INTERVAL:g} s, because this machine "
        "offers no working control group"
    )


def find_breaches(confined: Sandbox) -> list[str]:
    """What a program in the sandbox can do but must not. Raises NoSandbox if it cannot run."""
    with tempfile.TemporaryDirectory(prefix="triptych-sandbox-") as name:
        canary, own = Path(name, "canary"), Path(name, "own")
        canary.write_text(CANARY, encoding="utf-8")
        own.mkdir()
        argv = [sys.executable, "-I", "-S", "-c", PROBE, str(canary)]
        hidden = (ROOT / "lessons" / "solutions", ROOT / "classroom" / "checks")
        argv += [*map(str, hidden), str(Path(__file__))]
        try:
            done = subprocess.run(
                confined.command(argv, own), capture_output=True, text=True, check=False,
                timeout=PATIENCE, stdin=subprocess.DEVNULL,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise NoSandbox(f"bwrap hangs on this machine: {REMEDIES}, {ALTERNATIVE}") from None
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or [f"status {done.returncode}"])[-1]
            raise NoSandbox(
                f"bwrap cannot make a sandbox here ({reason}): {REMEDIES}, {ALTERNATIVE}"
            )
        breaches: list[str] = json.loads(done.stdout)
        if canary.read_text(encoding="utf-8") != CANARY:
            breaches.append("a file outside was changed")
        if any(own.iterdir()):
            breaches.append("its writes reach the disk")
        return sorted({*breaches})
