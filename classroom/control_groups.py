"""Control groups: the kernel adds up all that a submission takes, its own memory for it included.

What is watched from outside (classroom.process_tree) is what processes hold, every so often. A control
group counts at once, and counts what no process is seen to hold: buffers, tables, files in memory.
It needs systemd, which gives a user's program one (`systemd-run --scope`), or the right to make
folders where the system keeps its groups, in either version of them. Each kind is tried with a
program that takes too much; one that does not hold is not used. The lists and limits of the sandbox
stay as they are: they have to do where there is no group.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from pathlib import Path
from typing import Protocol

SYSTEMD = Path("/run/systemd/system")  # there if systemd has started the machine (sd_booted(3))
MOUNTS = Path("/proc/self/mounts")
OWN = Path("/proc/self/cgroup")
TASKS = 512  # processes and threads; the sandbox has a lower limit, where the kernel counts by user
NAME = "triptych"
PATIENCE = 1.0  # seconds, for a group to be empty
# In the buffers of pipes, which is the kernel's memory: 48 MB where 32 are allowed.
TRIAL = 32 * 1024**2
TAKES_TOO_MUCH = f"""
import fcntl, os
for _ in range({TRIAL * 3 // 2 // 1024**2}):
    _, end = os.pipe()
    fcntl.fcntl(end, 1031, {1024**2})  # F_SETPIPE_SZ
    os.set_blocking(end, False)
    os.write(end, bytes({1024**2}))
"""
KILLED = 9

_turn = count()


class Group(Protocol):
    """A control group of one submission."""

    def joining(self, argv: Sequence[str]) -> list[str]:
        """The command that joins the group and becomes argv."""
        ...

    def exceeded(self, process: int) -> bool:
        """Whether something in it was ended for its memory; `process` is the first in it."""
        ...

    def remove(self) -> None:
        """Take it away, once nothing runs in it."""
        ...


class Groups(Protocol):
    """One way to make groups."""

    @property
    def kind(self) -> str:
        """Which one, for people."""
        ...

    def new(self, memory: int) -> Group:
        """A group of this many bytes. Raises OSError."""
        ...


@dataclass
class Folders:
    """A group as the system shows it: a folder in each hierarchy that counts something."""

    places: Sequence[Path]

    def joining(self, argv: Sequence[str]) -> list[str]:
        """By a shell, since no group can be joined before there is a process."""
        joins = [f'echo 0 >"${number}"/cgroup.procs' for number, _ in enumerate(self.places, 1)]
        script = " && ".join([*joins, f"shift {len(joins)}", 'exec "$@"'])
        return ["/bin/sh", "-c", script, "sh", *map(str, self.places), *argv]

    def exceeded(self, process: int) -> bool:
        """As the kernel has counted."""
        return any(_ended_for_memory(place) for place in self.places)

    def remove(self) -> None:
        """Its folders; what is killed takes a moment to leave them."""
        end = time.monotonic() + PATIENCE
        for place in self.places:
            while place.exists() and time.monotonic() < end:
                with suppress(OSError):
                    place.rmdir()
                    break
                time.sleep(0.01)


@dataclass(frozen=True)
class FolderGroups:
    """Folders below the group that this process is in, so that whatever holds it holds them."""

    kind: str
    parents: Sequence[Path]  # one for each hierarchy, the one that counts memory first
    memory: Mapping[str, str]  # files to be written, and what: {memory} stands for the limit
    optional: Mapping[str, str] = field(default_factory=dict)

    def new(self, memory: int) -> Folders:
        """A folder in each hierarchy, with its limits. Raises OSError."""
        name = f"{NAME}-{os.getpid()}-{next(_turn)}"
        group = Folders([parent / name for parent in self.parents])
        try:
            for place in group.places:
                place.mkdir()
                _write(place, {"pids.max": str(TASKS)}, optional=True)
            _write(group.places[0], _with(self.memory, memory))
            _write(group.places[0], _with(self.optional, memory), optional=True)
        except OSError:
            group.remove()
            raise
        return group


@dataclass
class Scope:
    """A group that systemd makes for a command and takes away with its last process."""

    command: Sequence[str]
    found: bool = False

    def joining(self, argv: Sequence[str]) -> list[str]:
        """By systemd's own program, which becomes the command."""
        return [*self.command, "--", *argv]

    def exceeded(self, process: int) -> bool:
        """As the kernel has counted, as long as the group is there."""
        with suppress(OSError):
            own = _path_in(Path(f"/proc/{process}/cgroup").read_text(), "")
            for root in _mounted("cgroup2"):
                self.found = self.found or _ended_for_memory(root / own)
        return self.found

    def remove(self) -> None:
        """Nothing: it goes by itself."""


@dataclass(frozen=True)
class Scopes:
    """Groups by systemd: of a user's own, or of the system's for root."""

    kind: str
    start: Sequence[str]

    def new(self, memory: int) -> Scope:
        """A group of this many bytes, not yet made."""
        unit = f"--unit={NAME}-{os.getpid()}-{next(_turn)}"
        limits = {"MemoryMax": memory, "MemorySwapMax": 0, "TasksMax": TASKS}
        properties = [f"--property={name}={value}" for name, value in limits.items()]
        return Scope([*self.start, "--scope", "--quiet", "--collect", unit, *properties])


@cache
def groups() -> Groups | None:
    """The first kind of groups that holds on this machine; None if there is none."""
    return next((kind for kind in _kinds() if holds(kind)), None)


def holds(kind: Groups) -> bool:
    """Whether a program in a small group of this kind that takes too much is ended."""
    try:
        group = kind.new(TRIAL)
    except OSError:
        return False
    argv = group.joining([sys.executable, "-I", "-S", "-c", TAKES_TOO_MUCH])
    try:
        done = subprocess.run(argv, capture_output=True, timeout=20, check=False,
                              stdin=subprocess.DEVNULL)  # fmt: skip
        return done.returncode == -KILLED
    except (OSError, subprocess.TimeoutExpired):
        return False
    finally:
        group.remove()


def _kinds() -> Iterator[Groups]:
    """Those that may be had here, the most proper first."""
    systemd_run = shutil.which("systemd-run")
    if systemd_run and SYSTEMD.is_dir():
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if os.geteuid() == 0:
            yield Scopes("systemd's", [systemd_run])
        elif runtime:  # which the environment of a check does not have
            yield Scopes("systemd's", ["env", f"XDG_RUNTIME_DIR={runtime}", systemd_run, "--user"])
    own = OWN.read_text() if OWN.exists() else ""
    for root in _mounted("cgroup2"):
        parent = root / _path_in(own, "")
        if "memory" in _read(parent / "cgroup.controllers").split():
            _write(parent, {"cgroup.subtree_control": "+memory +pids"}, optional=True)
            yield _swept(FolderGroups(
                "version 2", [parent], {"memory.max": "{memory}"},
                {"memory.swap.max": "0", "memory.oom.group": "1"},
            ))  # fmt: skip
    counted = [(kind, root) for kind in ("memory", "pids") for root in _mounted("cgroup", kind)]
    parents = [root / _path_in(own, kind) for kind, root in counted]
    if parents and _read(parents[0] / "memory.limit_in_bytes"):
        yield _swept(FolderGroups(
            "version 1", parents, {"memory.limit_in_bytes": "{memory}"},
            {"memory.memsw.limit_in_bytes": "{memory}"},
        ))  # fmt: skip


def _swept(kind: FolderGroups) -> FolderGroups:
    """The same, without what graders that were killed have left."""
    for parent in kind.parents:
        for left in parent.glob(f"{NAME}-*-*"):
            if not Path("/proc", left.name.split("-")[1]).exists():
                with suppress(OSError):
                    left.rmdir()
    return kind


def _mounted(kind: str, option: str = "") -> list[Path]:
    """Where hierarchies of groups are to be seen."""
    lines = [line.split() for line in _read(MOUNTS).splitlines()]
    return [Path(at) for _, at, type_, options, *_ in lines
            if type_ == kind and (not option or option in options.split(","))][:1]  # fmt: skip


def _path_in(text: str, controller: str) -> str:
    """The path of a process's group in a hierarchy (cgroups(7)): lines `4:memory:/path`."""
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return path.lstrip("/")
    return ""


def _ended_for_memory(place: Path) -> bool:
    """Version 2 counts in memory.events, version 1 in memory.oom_control, both by this word."""
    text = _read(place / "memory.events") + _read(place / "memory.oom_control")
    words = [line.split() for line in text.splitlines()]
    return any(word[0] == "oom_kill" and word[1] != "0" for word in words)


def _with(files: Mapping[str, str], memory: int) -> dict[str, str]:
    return {name: value.format(memory=memory) for name, value in files.items()}


def _write(place: Path, files: Mapping[str, str], optional: bool = False) -> None:
    """Set what a group's files say; one that is missing or refuses is passed over if optional."""
    for name, value in files.items():
        try:
            (place / name).write_text(value)
        except OSError:
            if not optional:
                raise


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
