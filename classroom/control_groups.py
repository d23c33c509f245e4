"""Control groups: the kernel limits all memory of a submission, including the kernel's own for it.

The watcher outside (classroom.process_tree) measures memory of processes at intervals. A control
group counts immediately, and also counts memory that belongs to no process: buffers, tables, files
in memory. It needs systemd, which makes one for a user's program (`systemd-run --scope`), or the
right to make folders in the file system of control groups, version 1 or 2. Each kind is tested with
a program that takes too much memory, and used only if that program is killed. The lists and limits
of the sandbox do not depend on control groups, because not every machine has them.
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

SYSTEMD = Path("/run/systemd/system")  # exists if systemd has started the machine (sd_booted(3))
MOUNTS = Path("/proc/self/mounts")
OWN_GROUP = Path("/proc/self/cgroup")
TASKS = 512  # processes and threads; the sandbox has a lower limit per user
NAME = "triptych"
PATIENCE = 1.0  # seconds until a group is empty
# The trial program takes 48 MB of kernel memory in buffers of pipes; 32 MB are allowed.
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

_counter = count()


class Group(Protocol):
    """A control group of one submission."""

    def joining(self, argv: Sequence[str]) -> list[str]:
        """The command that joins the group and then runs argv."""
        ...

    def exceeded(self, process: int) -> bool:
        """Whether the kernel has killed something for its memory; process: the first one."""
        ...

    def remove(self) -> None:
        """Remove the group after its processes have ended."""
        ...


class Groups(Protocol):
    """One way to make groups."""

    @property
    def kind(self) -> str:
        """Its name in messages."""
        ...

    def new(self, memory: int) -> Group:
        """A new group with this limit in bytes. Raises OSError."""
        ...


@dataclass
class Folders:
    """A group made of folders: one in each hierarchy of control groups."""

    folders: Sequence[Path]

    def joining(self, argv: Sequence[str]) -> list[str]:
        """A shell command: only a running process can join a group."""
        joins = [f'echo 0 >"${number}"/cgroup.procs' for number, _ in enumerate(self.folders, 1)]
        script = " && ".join([*joins, f"shift {len(joins)}", 'exec "$@"'])
        return ["/bin/sh", "-c", script, "sh", *map(str, self.folders), *argv]

    def exceeded(self, process: int) -> bool:
        """Whether the kernel has counted a kill."""
        return any(_killed_for_memory(folder) for folder in self.folders)

    def remove(self) -> None:
        """Remove its folders; killed processes take a moment to leave them."""
        end = time.monotonic() + PATIENCE
        for folder in self.folders:
            while folder.exists() and time.monotonic() < end:
                with suppress(OSError):
                    folder.rmdir()
                    break
                time.sleep(0.01)


@dataclass(frozen=True)
class FolderGroups:
    """Makes folders below the group of this process, so that its own limits hold for them too."""

    kind: str
    parents: Sequence[Path]  # one for each hierarchy; that of memory is the first
    memory: Mapping[str, str]  # files and their text; {memory} stands for the limit
    optional: Mapping[str, str] = field(default_factory=dict)

    def new(self, memory: int) -> Folders:
        """Make a folder in each hierarchy and set its limits. Raises OSError."""
        name = f"{NAME}-{os.getpid()}-{next(_counter)}"
        group = Folders([parent / name for parent in self.parents])
        try:
            for folder in group.folders:
                folder.mkdir()
                _write(folder, {"pids.max": str(TASKS)}, optional=True)
            _write(group.folders[0], _with(self.memory, memory))
            _write(group.folders[0], _with(self.optional, memory), optional=True)
        except OSError:
            group.remove()
            raise
        return group


@dataclass
class Scope:
    """A group that systemd makes for a command and removes after its last process."""

    command: Sequence[str]
    killed: bool = False

    def joining(self, argv: Sequence[str]) -> list[str]:
        """The command, started by systemd-run."""
        return [*self.command, "--", *argv]

    def exceeded(self, process: int) -> bool:
        """Whether the kernel has counted a kill; remembered, because the group may disappear."""
        with suppress(OSError):
            own = _path_in(Path(f"/proc/{process}/cgroup").read_text(), "")
            for root in _mounted("cgroup2"):
                self.killed = self.killed or _killed_for_memory(root / own)
        return self.killed

    def remove(self) -> None:
        """Do nothing: systemd removes the group."""


@dataclass(frozen=True)
class Scopes:
    """Makes groups by systemd: that of the user, or for root that of the system."""

    kind: str
    start: Sequence[str]

    def new(self, memory: int) -> Scope:
        """A group with this limit in bytes; systemd makes it when the command starts."""
        unit = f"--unit={NAME}-{os.getpid()}-{next(_counter)}"
        limits = {"MemoryMax": memory, "MemorySwapMax": 0, "TasksMax": TASKS}
        properties = [f"--property={name}={value}" for name, value in limits.items()]
        return Scope([*self.start, "--scope", "--quiet", "--collect", unit, *properties])


@cache
def groups() -> Groups | None:
    """The first kind of groups that works on this machine; None if none does."""
    return next((kind for kind in _kinds() if works(kind)), None)


def works(kind: Groups) -> bool:
    """Whether the kernel kills a program that takes too much memory in a group of this kind."""
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
    """The kinds that may work on this machine, in order of preference."""
    systemd_run = shutil.which("systemd-run")
    if systemd_run and SYSTEMD.is_dir():
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        if os.geteuid() == 0:
            yield Scopes("systemd's", [systemd_run])
        elif runtime:  # the environment of a check lacks this variable
            yield Scopes("systemd's", ["env", f"XDG_RUNTIME_DIR={runtime}", systemd_run, "--user"])
    own_group = OWN_GROUP.read_text() if OWN_GROUP.exists() else ""
    for root in _mounted("cgroup2"):
        parent = root / _path_in(own_group, "")
        if "memory" in _read(parent / "cgroup.controllers").split():
            _write(parent, {"cgroup.subtree_control": "+memory +pids"}, optional=True)
            yield _cleaned(FolderGroups(
                "version 2", [parent], {"memory.max": "{memory}"},
                {"memory.swap.max": "0", "memory.oom.group": "1"},
            ))  # fmt: skip
    counted = [(kind, root) for kind in ("memory", "pids") for root in _mounted("cgroup", kind)]
    parents = [root / _path_in(own_group, kind) for kind, root in counted]
    if parents and _read(parents[0] / "memory.limit_in_bytes"):
        yield _cleaned(FolderGroups(
            "version 1", parents, {"memory.limit_in_bytes": "{memory}"},
            {"memory.memsw.limit_in_bytes": "{memory}"},
        ))  # fmt: skip


def _cleaned(kind: FolderGroups) -> FolderGroups:
    """Remove the groups that killed graders have left behind."""
    for parent in kind.parents:
        for stale in parent.glob(f"{NAME}-*-*"):
            if not Path("/proc", stale.name.split("-")[1]).exists():
                with suppress(OSError):
                    stale.rmdir()
    return kind


def _mounted(kind: str, option: str = "") -> list[Path]:
    """Where a hierarchy of control groups is mounted; at most one path."""
    lines = [line.split() for line in _read(MOUNTS).splitlines()]
    return [Path(at) for _, at, type_, options, *_ in lines
            if type_ == kind and (not option or option in options.split(","))][:1]  # fmt: skip


def _path_in(text: str, controller: str) -> str:
    """The group of a process in a hierarchy; text: lines such as `4:memory:/path` (cgroups(7))."""
    for line in text.splitlines():
        _, controllers, path = line.split(":", 2)
        if controller in controllers.split(","):
            return path.lstrip("/")
    return ""


def _killed_for_memory(folder: Path) -> bool:
    """Whether oom_kill is above 0, in memory.events (version 2) or memory.oom_control (1)."""
    text = _read(folder / "memory.events") + _read(folder / "memory.oom_control")
    words = [line.split() for line in text.splitlines()]
    return any(word[0] == "oom_kill" and word[1] != "0" for word in words)


def _with(files: Mapping[str, str], memory: int) -> dict[str, str]:
    return {name: value.format(memory=memory) for name, value in files.items()}


def _write(folder: Path, files: Mapping[str, str], optional: bool = False) -> None:
    """Write files of a group; with `optional`, ignore those that cannot be written."""
    for name, value in files.items():
        try:
            (folder / name).write_text(value)
        except OSError:
            if not optional:
                raise


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
