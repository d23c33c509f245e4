"""Control groups: each kind is tested before use, and the kernel enforces the limit."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from classroom import control_groups, limits, sandbox_check
from classroom.control_groups import FolderGroups, Folders, Scopes, groups, works
from classroom.limits import Limits, Process
from classroom.sandbox import Sandbox
from tests.classroom.sandboxed import confined
from tests.waiting import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has control groups")

# The watcher adds some 130 MB for what it cannot see of the few processes of a sandbox
# (classroom.watch.unseen).
LIMIT = 300 * 1024**2
TAKES_TOO_MUCH = f"memory = bytearray(b'1') * {4 * LIMIT}"
# In a child, whose end does not affect its parent.
TAKES_TOO_MUCH_IN_A_CHILD = f"""
import os, time
if os.fork() == 0:
    memory = bytearray(b'1') * {4 * LIMIT}
time.sleep(3600)
"""


@pytest.fixture
def sandbox() -> Sandbox:
    result = confined()
    if result.groups is None:
        pytest.skip("this machine offers no control group")
    return result


@dataclass
class Loose(Folders):
    """A group that no process joins."""

    def joining(self, argv: Sequence[str]) -> list[str]:
        return [*argv]


class LooseGroups(FolderGroups):
    def new(self, memory: int) -> Loose:
        return Loose([])


def run_in_group(sandbox: Sandbox, code: str, folder: Path) -> tuple[int | None, str]:
    """The status of a program in the sandbox and a group, and the limit that it exceeded."""
    argv = sandbox.command([sys.executable, "-c", code], folder)
    process = Process(argv, folder, os.environ, (), Limits(memory=LIMIT, groups=sandbox.groups))
    status = process.status(seconds=PATIENCE)
    process.end()
    return status, process.exceeded


def groups_left() -> list[Path]:
    kind = groups()
    parents = kind.parents if isinstance(kind, FolderGroups) else []
    return [path for parent in parents for path in parent.glob(f"triptych-{os.getpid()}-*")]


def test_the_kernel_kills_a_program_that_takes_too_much_memory(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "INTERVAL", 3600)
    assert run_in_group(sandbox, TAKES_TOO_MUCH, tmp_path) == (137, "memory")
    assert groups_left() == []


def test_a_child_that_the_kernel_kills_counts_as_exceeded(sandbox: Sandbox, tmp_path: Path) -> None:
    assert run_in_group(sandbox, TAKES_TOO_MUCH_IN_A_CHILD, tmp_path)[1] == "memory"


def test_a_modest_program_is_not_killed(sandbox: Sandbox, tmp_path: Path) -> None:
    watched_often = f"import time; time.sleep({10 * limits.INTERVAL})"
    code = f"memory = bytearray(b'1') * 2**24; {watched_often}"
    assert run_in_group(sandbox, code, tmp_path) == (0, "")
    assert groups_left() == []


def test_a_kind_that_does_not_work_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    loose = LooseGroups("loose", [], {})
    assert not works(loose)
    monkeypatch.setattr(control_groups, "_kinds", lambda: iter([loose]))
    assert groups.__wrapped__() is None


def test_a_folder_that_cannot_be_made_is_no_group(tmp_path: Path) -> None:
    assert not works(FolderGroups("version 2", [tmp_path / "nowhere"], {"memory.max": "{memory}"}))


def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mounts: str, own_group: str) -> None:
    """Simulate a machine with these control groups and without systemd."""
    monkeypatch.setattr(control_groups, "SYSTEMD", tmp_path / "no systemd")
    for name, text in (("MOUNTS", mounts), ("OWN_GROUP", own_group)):
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
    (folder,) = group.folders
    assert folder.parent == parent
    assert {file.name: file.read_text() for file in folder.iterdir()} == {
        "memory.max": "4096", "memory.swap.max": "0", "memory.oom.group": "1",
        "pids.max": str(control_groups.TASKS),
    }  # fmt: skip
    assert not group.exceeded(0)
    (folder / "memory.events").write_text("oom 3\noom_kill 0\n")
    assert not group.exceeded(0)
    (folder / "memory.events").write_text("oom 3\noom_kill 1\n")
    assert group.exceeded(0)
    # A shell joins the group and then runs the command.
    (folder / "cgroup.procs").touch()
    done = subprocess.run(group.joining(["/bin/echo", "a b", "$c"]), capture_output=True, text=True)
    assert done.stdout == "a b $c\n"
    assert (folder / "cgroup.procs").read_text() == "0\n"


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
    parents = [folder.parent for folder in group.folders]
    assert parents == [tmp_path / "memory/a/b", tmp_path / "pids/c"]
    assert (group.folders[0] / "memory.limit_in_bytes").read_text() == "4096"
    assert (group.folders[0] / "memory.memsw.limit_in_bytes").read_text() == "4096"
    assert (group.folders[1] / "pids.max").read_text() == str(control_groups.TASKS)


def test_groups_of_a_killed_grader_are_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "cgroup.controllers").write_text("memory")
    stale, alive = tmp_path / f"triptych-{2**30}-0", tmp_path / f"triptych-{os.getpid()}-0"
    stale.mkdir()
    alive.mkdir()
    system(tmp_path, monkeypatch, f"x {tmp_path} cgroup2 rw 0 0\n", "0::/\n")
    assert len([*control_groups._kinds()]) == 1
    assert not stale.exists()
    assert alive.exists()


def test_systemd_makes_a_scope_with_the_limits(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fake systemd-run prints its arguments and then runs the command."""
    fake = tmp_path / "systemd-run"
    fake.write_text(
        '#!/bin/sh\necho "$XDG_RUNTIME_DIR" "$@" >&2\n'
        'while [ "$1" != -- ]; do shift; done\nshift\nexec "$@"\n'
    )
    fake.chmod(0o755)
    system(tmp_path, monkeypatch, "", "")
    monkeypatch.setattr(control_groups, "SYSTEMD", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    monkeypatch.setattr(os, "geteuid", lambda: 7)
    (kind,) = control_groups._kinds()
    monkeypatch.delenv("XDG_RUNTIME_DIR")  # as in a check, which removes it
    argv = kind.new(4096).joining(["/bin/echo", "done"])
    done = subprocess.run(argv, capture_output=True, text=True)
    assert done.stdout == "done\n"
    runtime, *words = done.stderr.split()
    assert runtime == "/run/user/7"
    assert {"--user", "--scope", "--property=MemoryMax=4096", "--property=MemorySwapMax=0"} <= {
        *words
    }
    assert not works(kind)  # the fake limits nothing, so it is not used
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    (kind,) = control_groups._kinds()
    assert isinstance(kind, Scopes)
    assert "--user" not in kind.start


def test_the_line_about_protection_names_the_groups(sandbox: Sandbox) -> None:
    assert sandbox.groups is not None
    line = sandbox_check.protection(sandbox)
    assert f"memory limited by control groups ({sandbox.groups.kind})" in line
    without_groups = Sandbox(sandbox.bwrap, sandbox.root, sandbox.environ)
    line = sandbox_check.protection(without_groups)
    assert "memory watched every 0.05 s, because this machine offers no" in line
