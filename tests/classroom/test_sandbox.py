"""The sandbox: what a program in it can see, do and leave behind."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from classroom import sandbox_check, sandbox_init
from classroom.sandbox import DEVICES, DISK, PROCESSES, SHARED, Sandbox
from classroom.sandbox_check import NoSandbox, find_breaches
from course.settings import ROOT
from tests.classroom.sandboxed import (
    Hole,
    checks,
    confined,
    disk,
    left_behind,
    no_filter,
    other_folder,
    processes,
    running,
    solutions,
    usual_devices,
    with_hole,
)
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has namespaces")


@pytest.fixture
def sandbox() -> Sandbox:
    return confined()


def output(sandbox: Sandbox, folder: Path, code: str) -> str:
    """The output of a program in the sandbox; if it fails, the last line of its errors."""
    done = subprocess.run(
        sandbox.command([sys.executable, "-c", code], folder), capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    return done.stdout.strip() if not done.returncode else done.stderr.strip().splitlines()[-1]


UNCOUNTED = "memory can be allocated that is counted for no process"


def test_the_sandbox_has_no_breach(sandbox: Sandbox) -> None:
    assert find_breaches(sandbox) == []


@pytest.mark.parametrize(
    ("hole", "breach"),
    [
        (other_folder, "files outside can be read"),
        (solutions, "the solutions can be read"),
        (checks, "the checks can be read"),
        (processes, "other processes can be seen"),
        (disk, "its writes reach the disk"),
        (no_filter, "sockets can be opened"),
        (no_filter, "namespaces can be made"),
        (no_filter, UNCOUNTED),
        (usual_devices, UNCOUNTED),
    ],
)
def test_a_hole_is_found(sandbox: Sandbox, hole: Hole, breach: str) -> None:
    assert breach in find_breaches(with_hole(sandbox, hole))


def test_the_course_can_be_imported(sandbox: Sandbox, tmp_path: Path) -> None:
    code = "import numpy, adapters, course, datasets; print(adapters.load('numpy').__name__)"
    assert output(sandbox, tmp_path, code) == "NumpyModel"


def test_it_runs_as_another_user_and_sees_no_processes(sandbox: Sandbox, tmp_path: Path) -> None:
    code = "import os; print(os.geteuid(), [p for p in os.listdir('/proc') if p.isdigit()])"
    user, _, others = output(sandbox, tmp_path, code).partition(" ")
    assert int(user) != 0
    assert others == "['1', '2']"


def test_the_environment_is_not_passed(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_TEACHER", "1")
    variables = output(sandbox, tmp_path, "import os; print(sorted(os.environ))")
    assert "HOME" in variables
    assert "SECRET" not in variables


@pytest.mark.parametrize("hidden", [
    ".git", "tests", "results", "lessons/solutions", "lessons/exercises", "classroom/checks",
    "docs/your_backend/solution.py",
])  # fmt: skip
def test_the_rest_of_the_checkout_is_hidden(sandbox: Sandbox, tmp_path: Path, hidden: str) -> None:
    code = f"import os; print(os.path.exists({str(ROOT / hidden)!r}))"
    assert output(sandbox, tmp_path, code) == "False"


def test_its_files_are_read_only_and_new_files_are_lost(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("x = 58\n", encoding="utf-8")
    code = "import mine; open('new', 'w').write('1'); print(mine.x)"
    assert output(sandbox, tmp_path, code) == "58"
    assert output(sandbox, tmp_path, "open('mine.py', 'w')").startswith(
        ("OSError", "PermissionError")
    )
    assert [file.name for file in tmp_path.iterdir()] == ["mine.py"]


@pytest.mark.parametrize("where", [".", "/tmp", "/dev/shm"])
def test_disks_are_small(sandbox: Sandbox, tmp_path: Path, where: str) -> None:
    code = f"""
written = 0
try:
    with open({where!r} + "/big", "wb", buffering=0) as file:
        while written < {4 * DISK}:
            written += file.write(bytes(2**20))
except OSError as error:
    print(error.strerror, written <= {DISK})
"""
    assert output(sandbox, tmp_path, code) == "No space left on device True"


def test_every_writable_mount_has_a_bounded_size(sandbox: Sandbox, tmp_path: Path) -> None:
    """The writable mounts are three disks, /proc, and devices without memory."""
    sizes = {}
    for line in output(
        sandbox, tmp_path, "print(open('/proc/self/mountinfo').read())"
    ).splitlines():
        mount, _, disk = line.partition(" - ")
        path, options = mount.split()[4:6]
        if "rw" in options.split(","):
            size = re.search(r"size=(\d+)k", disk)
            sizes[path] = 1024 * int(size[1]) if size else 0
    expected = {str(tmp_path): DISK, "/tmp": DISK, "/dev/shm": SHARED, "/proc": 0}
    assert {path: size for path, size in sizes.items() if path in expected} == expected
    assert {*sizes} - {*expected} == {f"/dev/{device}" for device in DEVICES}


def test_descriptors_signals_and_processes_are_limited(sandbox: Sandbox, tmp_path: Path) -> None:
    code = """
import resource
kinds = "NPROC NOFILE SIGPENDING MSGQUEUE MEMLOCK CORE"
print([resource.getrlimit(getattr(resource, f"RLIMIT_{kind}")) for kind in kinds.split()])
"""
    limits = [PROCESSES, sandbox_init.DESCRIPTORS, sandbox_init.SIGNALS, 0, 0, 0]
    assert output(sandbox, tmp_path, code) == str([(most, most) for most in limits])


def test_there_are_no_huge_pages(sandbox: Sandbox, tmp_path: Path) -> None:
    # A kernel with huge pages has this line for each process.
    code = "print([l for l in open('/proc/self/status') if l.startswith('THP_enabled')])"
    assert output(sandbox, tmp_path, code) in (str(["THP_enabled:\t0\n"]), "[]")


def test_files_are_copied_without_sendfile(sandbox: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("58", encoding="utf-8")
    code = "import shutil; shutil.copy('mine', 'yours'); print(open('yours').read())"
    assert output(sandbox, tmp_path, code) == "58"


@pytest.mark.parametrize("where", ["/", "/dev", "/usr", "/etc", "/work", str(ROOT), "/var/tmp"])
def test_nothing_else_can_be_written(sandbox: Sandbox, tmp_path: Path, where: str) -> None:
    result = output(sandbox, tmp_path, f"open({where!r} + '/triptych-was-here', 'w')")
    assert result.startswith(("OSError", "PermissionError", "FileNotFoundError"))
    assert not Path(where, "triptych-was-here").exists()


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"])
def test_sockets_are_refused(sandbox: Sandbox, tmp_path: Path, family: str) -> None:
    result = output(sandbox, tmp_path, f"import socket; socket.socket(socket.{family})")
    assert result == "PermissionError: [Errno 1] Operation not permitted"


def test_socket_pairs_are_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    # The memory of their buffers is counted for no process.
    result = output(sandbox, tmp_path, "import socket; socket.socketpair()")
    assert result == "PermissionError: [Errno 1] Operation not permitted"


@pytest.mark.parametrize("call", [
    "unshare(0x10000000)",  # a user namespace, in which it would be root
    "syscall(56, 0x10000000 | 17, 0, 0, 0, 0)" if os.uname().machine == "x86_64"
    else "syscall(220, 0x10000000 | 17, 0, 0, 0, 0)",
    "syscall(435, 0, 0)",  # clone3, whose flags a filter cannot read
])  # fmt: skip
def test_namespaces_are_refused(sandbox: Sandbox, tmp_path: Path, call: str) -> None:
    code = f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); print(libc.{call})"
    assert output(sandbox, tmp_path, code) == "-1"


def test_the_number_of_processes_is_limited(sandbox: Sandbox, tmp_path: Path) -> None:
    code = """
import os, time
made = 0
try:
    while made < 10_000:
        if os.fork() == 0:
            time.sleep(3600)
        made += 1
except OSError:
    print(made)
    os._exit(0)
"""
    # Sleeping children hold the pipe open; it is closed because all end with the first process.
    done = subprocess.run(
        sandbox.command([sys.executable, "-u", "-c", code], tmp_path), stdout=subprocess.PIPE,
        text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert int(done.stdout) < PROCESSES


def test_its_children_end_with_it(sandbox: Sandbox, tmp_path: Path) -> None:
    token = f"daemon-{os.getpid()}-{time.monotonic_ns()}"
    code = f"""
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for descriptor in range(3):
            os.close(descriptor)
        os.execv("/usr/bin/sleep", [{token!r}, "3600"])
    os._exit(0)
os.wait()
time.sleep(0.2)
print("gone")
"""
    assert output(sandbox, tmp_path, code) == "gone"
    assert left_behind(token) == []


def test_it_ends_when_its_grader_is_killed(sandbox: Sandbox, tmp_path: Path) -> None:
    token = f"orphan-{os.getpid()}-{time.monotonic_ns()}"
    sleeper = [sys.executable, "-c", f"import time; time.sleep(600)  # {token}"]

    def sleeping() -> bool:
        return any(line.startswith(f"{sys.executable} -c import time") for line in running(token))

    code = f"import subprocess; subprocess.Popen({sandbox.command(sleeper, tmp_path)!r}).wait()"
    grader = subprocess.Popen([sys.executable, "-c", code])
    until(sleeping)
    grader.kill()
    grader.wait()
    assert left_behind(token) == []


def test_an_unknown_machine_is_refused(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="riscv64"))
    assert "no list of system calls for riscv64" in refusal()


def refusal() -> str:
    with pytest.raises(NoSandbox) as error:
        sandbox_check.verified_sandbox()
    assert "TRUST=yes" in str(error.value)
    return str(error.value)


def test_without_bwrap_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install bubblewrap" in refusal()


def test_an_error_of_bwrap_is_quoted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    script = tmp_path / "bwrap"
    script.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert "setting up uid map: Permission denied" in refusal()


def test_a_breach_is_named(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox_check, "sandbox", lambda: with_hole(sandbox, no_filter))
    assert "sockets can be opened" in refusal()


def test_other_systems_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "darwin" in refusal()
