"""A room with walls: a submission runs in it and reaches nothing that is not its own.

The walls are bubblewrap's (`bwrap`): namespaces of its own for processes, network, files, messages
and the host's name. What it sees of the machine is a list of what Python and the course need, all
of it read-only; neither the solutions and the checks nor another submission are on the list. What
it may write is a small disk in memory, which ends with it. It needs no setuid program and no
daemon, and works for root, who becomes a user that owns nothing, as for anybody else.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from adapters import environment
from classroom.call_filter import program
from classroom.control_groups import Groups
from course.settings import ROOT

DISK = 64 * 1024**2  # bytes that a submission may write, all its files together
SHARED = 16 * 1024**2  # and share in memory: /dev/shm
# Processes and threads at once. TensorFlow starts about a dozen threads for each core whatever one
# says; a fork bomb of this size harms nobody, and the limits end it.
PROCESSES = 256
# Users that own no file: systemd lends these numbers to services (its list: uid.md). Each sandbox
# of root's takes the next, since the kernel counts processes by user.
NOBODIES = range(61184, 65520)

# What a student's program imports of the checkout; of lessons/ the lessons, and never the checks.
PACKAGES = ("adapters", "compare", "course", "datasets", "injections")
# A framework of one page, for which lesson 5 has an adapter written; its solution lies beside it.
PEBBLE = "docs/your_backend/pebble.py"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# How libraries and fonts are found, and what time it is; no list of users, no names of hosts.
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
HOME = "/tmp"  # its own, in memory
# Of the devices those without a memory: what is mapped from /dev/zero, or typed into a terminal and
# not read, is kept by the kernel, and no process is seen to hold it.
DEVICES = ("null", "random", "urandom")
STREAMS = {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
# What matplotlib takes a second to find out, and writes into its folder: the fonts of the machine.
FONTS = "matplotlib/fontlist-*.json"

_turn = count(os.getpid())  # two graders at a time should not meet


@dataclass(frozen=True)
class Sandbox:
    """Starts a program inside the walls."""

    bwrap: str
    root: bool
    environ: Mapping[str, str]
    groups: Groups | None = None

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command that runs argv in a sandbox, where `folder` is writable and its own.

        The files of `folder` are seen and not changed; what is written beside them is lost.
        """
        stays = "-" if not self.root else str(NOBODIES[next(_turn) % len(NOBODIES)])
        inside = str(ROOT / "classroom" / "inside.py")
        calls = program(os.uname().machine).hex()
        become = [sys.executable, "-I", "-S", inside, stays, str(PROCESSES), calls]
        return [
            self.bwrap,
            *self._namespaces(),
            "--die-with-parent",
            "--new-session",
            "--hostname", "classroom",
            "--clearenv",
            *(word for name, value in self.environ.items() for word in ("--setenv", name, value)),
            *_machine(),
            *_python(),
            *_course(),
            *self._own(folder),
            "--remount-ro", "/",
            "--chdir", str(folder),
            "--",
            *become,
            *argv,
        ]  # fmt: skip

    def _namespaces(self) -> list[str]:
        """Root needs no namespace of users, and changes to a user that exists in none."""
        if not self.root:
            return ["--unshare-all", "--cap-drop", "ALL"]
        kinds = [f"--unshare-{kind}" for kind in ("ipc", "pid", "net", "uts", "cgroup-try")]
        return [*kinds, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]

    def _own(self, folder: Path) -> Iterator[str]:
        """The submission's folder: a disk in memory with its files on it."""
        for parent in reversed(folder.parents[:-1]):
            yield from ("--dir", str(parent))
        yield from ("--perms", "1777", "--size", str(DISK), "--tmpfs", str(folder))
        for file in sorted(folder.iterdir()):
            if self.root:
                file.chmod(0o755 if file.is_dir() else 0o644)  # to be read by whom root becomes
            yield from ("--ro-bind", str(file), str(file))


def sandbox() -> Sandbox | None:
    """The sandbox of this machine; None if it has no bwrap. `classroom.sandbox_check` tries it out."""
    bwrap = shutil.which("bwrap") if sys.platform == "linux" else None
    return Sandbox(bwrap, os.geteuid() == 0, _environ()) if bwrap else None


def _environ() -> dict[str, str]:
    """What of the environment may cross: how to show text, and which kernels BLAS may use."""
    kept = environment.allowed(os.environ)
    crossing = {k: v for k, v in kept.items() if k.startswith(("LC_", "LANG", "TZ", "OPENBLAS_"))}
    return crossing | {
        "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
        "HOME": HOME,
        "TMPDIR": HOME,
        "USER": "student",
        "LOGNAME": "student",
        "TRIPTYCH_CACHE": f"{HOME}/cache",
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONNOUSERSITE": "1",
        "PYTHONUTF8": "1",
        # A thread for each core of the machine, whatever its number, would count as a process.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _machine() -> Iterator[str]:
    """The system's programs and libraries, its own processes, and a /tmp in memory."""
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.exists():
            yield from _seen([path])
    for name in SETTINGS:
        yield from ("--ro-bind-try", name, name)
    yield from ("--proc", "/proc")
    yield from ("--perms", "0755", "--size", str(SHARED), "--tmpfs", "/dev")
    for device in DEVICES:
        yield from ("--dev-bind", f"/dev/{device}", f"/dev/{device}")
    for name, target in STREAMS.items():
        yield from ("--symlink", f"/proc/self/{target}", f"/dev/{name}")
    yield from ("--perms", "1777", "--size", str(SHARED), "--tmpfs", "/dev/shm")
    yield from ("--remount-ro", "/dev")
    yield from ("--perms", "1777", "--size", str(DISK), "--tmpfs", HOME)


def _python() -> Iterator[str]:
    """The Python that runs this, and the environment it runs in."""
    prefixes = {sys.base_prefix, sys.base_exec_prefix, sys.prefix}
    links = {str(Path(prefix).resolve()) for prefix in prefixes}
    inside_usr = [path for path in prefixes | links if Path(path).is_relative_to("/usr")]
    yield from _seen(Path(path) for path in sorted((prefixes | links) - {*inside_usr}))


def _course() -> Iterator[str]:
    """The parts of the checkout that a student's program may import from."""
    yield from _seen([*(ROOT / package for package in PACKAGES), ROOT / "spelling.py"])
    yield from _seen(sorted((ROOT / "classroom").glob("*.py")))
    yield from _seen([*sorted((ROOT / "lessons").glob("lesson*.py")), ROOT / PEBBLE])
    compiled = ROOT / "classroom" / "__pycache__"  # of these same modules
    yield from ("--ro-bind-try", str(compiled), str(compiled))
    caches = Path(HOME, "cache", "matplotlib")
    for folder in (caches.parent, caches):
        yield from ("--perms", "1777", "--dir", str(folder))
    for file in environment.cache_folder().glob(FONTS):
        yield from ("--ro-bind", str(file), str(caches / file.name))


def _seen(paths: Iterable[Path]) -> Iterator[str]:
    """Each to be seen where it is, and not to be changed."""
    for path in paths:
        # Those that bwrap makes by itself are closed to others, and root becomes another.
        for parent in reversed(path.parents[:-1]):
            yield from ("--dir", str(parent))
        yield from ("--ro-bind", str(path), str(path))
