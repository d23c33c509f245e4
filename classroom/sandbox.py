"""Run a submission in a sandbox, in which it can reach nothing but its own files.

The sandbox is made by bubblewrap (`bwrap`): separate namespaces for processes, network, files, IPC
and the host's name. The submission sees a list of paths that Python and the course need, all of
them read-only. The list includes neither the solutions and checks nor other submissions. It may
write to a small disk in memory, which is removed with the sandbox. No setuid program and no daemon
is needed. Root can use it too, and becomes a user who owns nothing.

A `Launcher` turns a command into one that runs inside (`Sandbox`) or outside (`Unconfined`).
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Protocol

from adapters import environment
from classroom.call_filter import program
from classroom.control_groups import Groups
from course.settings import ROOT

DISK = 64 * 1024**2  # bytes that a submission may write, in all its files together
SHARED = 16 * 1024**2  # bytes of its shared memory, /dev/shm
# Processes and threads at once. TensorFlow starts about a dozen threads per core whatever its
# settings; a fork bomb of this size is harmless, and the limits end it.
PROCESSES = 256
# User ids that own no file: systemd assigns them to services for a while (see its uid.md). Each
# sandbox of root takes the next one, because the kernel counts processes per user.
UNUSED_USERS = range(61184, 65520)

# Packages of the checkout that a submission may import. Of lessons/ it sees the lesson files only.
PACKAGES = ("adapters", "compare", "course", "datasets", "injections")
# The small framework for which lesson 5 asks an adapter. The solution lies in the same folder.
PEBBLE = "docs/your_backend/pebble.py"
SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
# Where libraries and fonts are, and the time zone. No list of users, no names of hosts.
SETTINGS = ("/etc/ld.so.cache", "/etc/alternatives", "/etc/fonts", "/etc/localtime")
HOME = "/tmp"  # of the submission, in memory
# Only devices without memory: the kernel keeps what is mapped from /dev/zero, or typed into a
# terminal and not read, and does not count it for any process.
DEVICES = ("null", "random", "urandom")
STREAMS = {"fd": "fd", "stdin": "fd/0", "stdout": "fd/1", "stderr": "fd/2"}
# The fonts of the machine, for which matplotlib otherwise searches for a second.
FONTS = "matplotlib/fontlist-*.json"

_counter = count(os.getpid())  # two graders at a time should not use the same user


class Launcher(Protocol):
    """Turns a command into one that runs in a sandbox, or unconfined."""

    @property
    def groups(self) -> Groups | None:
        """The control groups that limit memory in the kernel; None if memory is only watched."""
        ...

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command that runs argv in `folder`, which holds the copy of the submission."""
        ...


class Unconfined:
    """No sandbox: a process of the user, with limits on time, memory and processes only."""

    groups = None

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command itself."""
        return argv


UNCONFINED = Unconfined()


@dataclass(frozen=True)
class Sandbox:
    """A launcher that runs a program in a sandbox."""

    bwrap: str
    root: bool
    environ: Mapping[str, str]
    groups: Groups | None = None

    def command(self, argv: list[str], folder: Path) -> list[str]:
        """The command that runs argv in a sandbox in which `folder` is writable.

        The files of `folder` are read-only; new files in it are lost at the end.
        """
        user = "-" if not self.root else str(UNUSED_USERS[next(_counter) % len(UNUSED_USERS)])
        init = str(ROOT / "classroom" / "sandbox_init.py")
        call_filter = program(os.uname().machine).hex()
        prefix = [sys.executable, "-I", "-S", init, user, str(PROCESSES), call_filter]
        return [
            self.bwrap,
            *self._namespaces(),
            "--die-with-parent",
            "--new-session",
            "--hostname", "classroom",
            "--clearenv",
            *(word for name, value in self.environ.items() for word in ("--setenv", name, value)),
            *_system_paths(),
            *_python_paths(),
            *_course_paths(),
            *self._submission(folder),
            "--remount-ro", "/",
            "--chdir", str(folder),
            "--",
            *prefix,
            *argv,
        ]  # fmt: skip

    def _namespaces(self) -> list[str]:
        """Root needs no user namespace: sandbox_init.py changes to an unused user."""
        if not self.root:
            return ["--unshare-all", "--cap-drop", "ALL"]
        kinds = [f"--unshare-{kind}" for kind in ("ipc", "pid", "net", "uts", "cgroup-try")]
        return [*kinds, "--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]

    def _submission(self, folder: Path) -> Iterator[str]:
        """The folder of the submission: a disk in memory, with its files read-only."""
        for parent in reversed(folder.parents[:-1]):
            yield from ("--dir", str(parent))
        yield from ("--perms", "1777", "--size", str(DISK), "--tmpfs", str(folder))
        for file in sorted(folder.iterdir()):
            if self.root:
                file.chmod(0o755 if file.is_dir() else 0o644)  # readable for the unused user
            yield from ("--ro-bind", str(file), str(file))


def sandbox() -> Sandbox | None:
    """The sandbox of this machine, not yet verified; None if it has no bwrap.

    See `classroom.sandbox_check`.
    """
    bwrap = shutil.which("bwrap") if sys.platform == "linux" else None
    return Sandbox(bwrap, os.geteuid() == 0, _environ()) if bwrap else None


def _environ() -> dict[str, str]:
    """The environment inside: of the grader's only locale, time zone and the kernels of BLAS."""
    variables = environment.allowed(os.environ)
    passed = {
        k: v for k, v in variables.items() if k.startswith(("LC_", "LANG", "TZ", "OPENBLAS_"))
    }
    return passed | {
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
        # By default there is a thread for each core, and each thread counts as a process.
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def _system_paths() -> Iterator[str]:
    """Programs and libraries of the system, /proc and /dev of the sandbox, and /tmp in memory."""
    for name in SYSTEM:
        path = Path(name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), name)
        elif path.exists():
            yield from _read_only([path])
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


def _python_paths() -> Iterator[str]:
    """The Python that runs this, and its environment."""
    prefixes = {sys.base_prefix, sys.base_exec_prefix, sys.prefix}
    links = {str(Path(prefix).resolve()) for prefix in prefixes}
    inside_usr = [path for path in prefixes | links if Path(path).is_relative_to("/usr")]
    yield from _read_only(Path(path) for path in sorted((prefixes | links) - {*inside_usr}))


def _course_paths() -> Iterator[str]:
    """The parts of the checkout that a submission may import."""
    yield from _read_only([*(ROOT / package for package in PACKAGES), ROOT / "spelling.py"])
    yield from _read_only(sorted((ROOT / "classroom").glob("*.py")))
    yield from _read_only([*sorted((ROOT / "lessons").glob("lesson*.py")), ROOT / PEBBLE])
    compiled = ROOT / "classroom" / "__pycache__"  # of the modules just listed
    yield from ("--ro-bind-try", str(compiled), str(compiled))
    caches = Path(HOME, "cache", "matplotlib")
    for folder in (caches.parent, caches):
        yield from ("--perms", "1777", "--dir", str(folder))
    for file in environment.cache_folder().glob(FONTS):
        yield from ("--ro-bind", str(file), str(caches / file.name))


def _read_only(paths: Iterable[Path]) -> Iterator[str]:
    """Show each path in its place, read-only."""
    for path in paths:
        # Folders that bwrap makes itself are closed to other users, and root becomes another user.
        for parent in reversed(path.parents[:-1]):
            yield from ("--dir", str(parent))
        yield from ("--ro-bind", str(path), str(path))
