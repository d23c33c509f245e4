"""Control groups: each kind is tried before it is used, and the kernel holds what is in one."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from classroom import control_groups, limits, walls
from classroom.control_groups import FolderGroups, Folders, Scopes, groups, holds
from classroom.limits import Limits, Process
from classroom.sandbox import Sandbox
from tests.classroom.sandboxed import confined
from tests.waiting import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")

# What the watcher adds for what it cannot see (classroom.watch.unseen) is some 130 MB for the few
# processes that a sandbox consists of.
LIMIT = 300 * 1024**2
TAKES_TOO_MUCH = f"held = bytearray(b'1') * {4 * LIMIT}"
# In a child, whose end leaves its parent as it was.
TAKES_TOO_MUCH_IN_A_CHILD = f"""
import os, time
if os.fork() == 0:
    held = bytearray(b'1') * {4 * LIMIT}
time.sleep(3600)
"""


@pytest.fixture
def room() -> Sandbox:
    found = confined()
    if found.groups is None:
        pytest.skip("this machine gives no control group")
    return found


@dataclass
class Loose(Folders):
    """A group that nobody is put into."""

    def joining(self, argv: Sequence[str]) -> list[str]:
        return [*argv]


class LooseGroups(FolderGroups):
    def new(self, memory: int) -> Loose:
        return Loose([])


def ended(room: Sandbox, code: str, folder: Path) -> tuple[int | None, str]:
    """How a program in the sandbox and in a group ends, and which limit it has exceeded."""
    argv = room.command([sys.executable, "-c", code], folder)
    process = Process(argv, folder, os.environ, (), Limits(memory=LIMIT, groups=room.groups))
    status = process.status(seconds=PATIENCE)
    process.end()
    return status, process.exceeded


def left() -> list[Path]:
    kind = groups()
    parents = kind.parents if isinstance(kind, FolderGroups) else []
    return [place for parent in parents for place in parent.glob(f"triptych-{os.getpid()}-*")]


def test_the_kernel_ends_who_takes_too_much_though_nobody_watches(
    room: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INTERVAL", 3600)
    assert ended(room, TAKES_TOO_MUCH, tmp_path) == (137, "memory")
    assert left() == []


def test_a_child_that_the_kernel_has_ended_is_the_end_of_all(room: Sandbox, tmp_path: Path) -> None:
    assert ended(room, TAKES_TOO_MUCH_IN_A_CHILD, tmp_path)[1] == "memory"


def test_a_modest_one_is_let_be(room: Sandbox, tmp_path: Path) -> None:
    looked_at_often = f"import time; time.sleep({10 * limits.INTERVAL})"
    held = "held = bytearray(b'1') * 2**24"
    assert ended(room, f"{held}; {looked_at_often}", tmp_path) == (0, "")
    assert left() == []


def test_a_kind_that_does_not_hold_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    loose = LooseGroups("loose", [], {})
    assert not holds(loose)
    monkeypatch.setattr(control_groups, "_kinds", lambda: iter([loose]))
    assert groups.__wrapped__() is None


def test_a_folder_that_cannot_be_made_is_no_group(tmp_path: Path) -> None:
    assert not holds(FolderGroups("version 2", [tmp_path / "nowhere"], {"memory.max": "{memory}"}))


def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, own: str) -> None:
    """A machine that shows these groups, and has no systemd."""
    monkeypatch.setattr(control_groups, "SYSTEMD", tmp_path / "no systemd")
    for name, text in (("MOUNTS", mounts), ("OWN", own)):
        (tmp_path / name).write_text(text)
        monkeypatch.setattr(control_groups, name, tmp_path / name)


def test_version_2_is_a_folder_in_the_own_group(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = tmp_path / "tree" / "mine"
    parent.mkdir(parents=True)
    (parent / "cgroup.controllers").write_text("cpu memory pids\n")
    mounts = f"tmpfs /tmp tmpfs rw 0 0\ncgroup2 {tmp_path / 'tree'} cgroup2 rw,nsdelegate 0 0\n"
    system(tmp_path, monkeypatch, mounts, "0::/mine\n")
    (kind,) = control_groups._kinds()
    assert kind.kind == "version 2"
    assert (parent / "cgroup.subtree_control").read_text() == "+memory +pids"
    group = kind.new(4096)
    assert isinstance(group, Folders)
    (place,) = group.places
    assert place.parent == parent
    assert {file.name: file.read_text() for file in place.iterdir()} == {
        "memory.max": "4096", "memory.swap.max": "0", "memory.oom.group": "1",
        "pids.max": str(control_groups.TASKS),
    }  # fmt: skip
    assert not group.exceeded(0)
    (place / "memory.events").write_text("oom 3\noom_kill 0\n")
    assert not group.exceeded(0)
    (place / "memory.events").write_text("oom 3\noom_kill 1\n")
    assert group.exceeded(0)
    # A shell puts itself into the group and becomes the command.
    (place / "cgroup.procs").touch()
    done = subprocess.run(group.joining(["/bin/echo", "a b", "$c"]), capture_output=True, text=True)
    assert done.stdout == "a b $c\n"
    assert (place / "cgroup.procs").read_text() == "0\n"


def test_version_1_is_a_folder_for_memory_and_one_for_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("memory/a/b", "pids/c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "memory/a/b/memory.limit_in_bytes").write_text("9223372036854771712\n")
    lines = [f"cgroup {tmp_path}/{name} cgroup rw,{name} 0 0\n" for name in ("pids", "memory")]
    system(tmp_path, monkeypatch, "".join(lines), "8:pids:/c\n4:memory:/a/b\n0::/\n")
    (kind,) = control_groups._kinds()
    assert kind.kind == "version 1"
    group = kind.new(4096)
    assert isinstance(group, Folders)
    parents = [place.parent for place in group.places]
    assert parents == [tmp_path / "memory/a/b", tmp_path / "pids/c"]
    assert (group.places[0] / "memory.limit_in_bytes").read_text() == "4096"
    assert (group.places[0] / "memory.memsw.limit_in_bytes").read_text() == "4096"
    assert (group.places[1] / "pids.max").read_text() == str(control_groups.TASKS)


def test_what_a_killed_grader_left_is_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cgroup.controllers").write_text("memory")
    left, alive = tmp_path / f"triptych-{2**30}-0", tmp_path / f"triptych-{os.getpid()}-0"
    left.mkdir()
    alive.mkdir()
    system(tmp_path, monkeypatch, f"x {tmp_path} cgroup2 rw 0 0\n", "0::/\n")
    assert len([*control_groups._kinds()]) == 1
    assert not left.exists()
    assert alive.exists()


def test_systemd_is_asked_for_a_scope_with_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By a stand-in for systemd-run, which says how it was called and becomes the command."""
    stand_in = tmp_path / "systemd-run"
    stand_in.write_text(
        '#!/bin/sh\necho "$XDG_RUNTIME_DIR" "$@" >&2\n'
        'while [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'
    )
    stand_in.chmod(0o755)
    system(tmp_path, monkeypatch, "", "")
    monkeypatch.setattr(control_groups, "SYSTEMD", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    monkeypatch.setattr(os, "geteuid", lambda: 7)
    (kind,) = control_groups._kinds()
    monkeypatch.delenv("XDG_RUNTIME_DIR")  # as in a check, whose environment is another
    argv = kind.new(4096).joining(["/bin/echo", "done"])
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.stdout == "done\n"
    where, *words = done.stderr.split()
    assert where == "/run/user/7"
    assert {"--user", "--scope", "--property=MemoryMax=4096", "--property=MemorySwapMax=0"} <= {
        *words
    }
    assert not holds(kind)  # a stand-in limits nothing, and so it is not used
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (kind,) = control_groups._kinds()
    assert isinstance(kind, Scopes)
    assert "--user" not in kind.start


def test_which_protection_holds_is_said(room: Sandbox) -> None:
    assert room.groups is not None
    assert f"memory held by control groups ({room.groups.kind})" in walls.protection(room)
    bare = Sandbox(room.bwrap, room.root, room.environ)
    assert "memory watched every 0.05 s, since this machine gives no" in walls.protection(bare)
