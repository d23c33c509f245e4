"""The walls: what a program inside them can see, do and leave behind."""

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
from classroom.sandbox_check import NoSandbox, breaches
from course.settings import ROOT
from tests.classroom.holes import (
    Hole,
    checks,
    disk,
    no_filter,
    other_folder,
    processes,
    solutions,
    usual_devices,
    with_hole,
)
from tests.classroom.sandboxed import confined, left_behind
from tests.classroom.sandboxed import processes as running
from tests.waiting import PATIENCE, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="namespaces are Linux's")


@pytest.fixture
def room() -> Sandbox:
    return confined()


def says(room: Sandbox, folder: Path, code: str) -> str:
    """What a program in the room prints; its last line of complaint if it fails."""
    done = subprocess.run(
        room.command([sys.executable, "-c", code], folder), capture_output=True, text=True,
        timeout=PATIENCE, check=False,
    )  # fmt: skip
    return done.stdout.strip() if not done.returncode else done.stderr.strip().splitlines()[-1]


UNSEEN = "memory can be had that no process is seen to hold"


def test_the_walls_stand(room: Sandbox) -> None:
    assert breaches(room) == []


@pytest.mark.parametrize(
    ("hole", "said"),
    [
        (other_folder, "files outside can be read"),
        (solutions, "the solutions can be read"),
        (checks, "the checks can be read"),
        (processes, "other processes can be seen"),
        (disk, "what it writes reaches the disk"),
        (no_filter, "sockets can be opened"),
        (no_filter, "namespaces can be made"),
        (no_filter, UNSEEN),
        (usual_devices, UNSEEN),
    ],
)
def test_a_hole_is_found(room: Sandbox, hole: Hole, said: str) -> None:
    assert said in breaches(with_hole(room, hole))


def test_the_course_can_be_imported(room: Sandbox, tmp_path: Path) -> None:
    code = "import numpy, adapters, course, datasets; print(adapters.load('numpy').__name__)"
    assert says(room, tmp_path, code) == "NumpyModel"


def test_it_is_nobody_and_alone(room: Sandbox, tmp_path: Path) -> None:
    code = "import os; print(os.geteuid(), [p for p in os.listdir('/proc') if p.isdigit()])"
    user, _, others = says(room, tmp_path, code).partition(" ")
    assert int(user) != 0
    assert others == "['1', '2']"


def test_the_environment_does_not_cross(
    room: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_OF_THE_TEACHER", "1")
    seen = says(room, tmp_path, "import os; print(sorted(os.environ))")
    assert "HOME" in seen
    assert "SECRET" not in seen


@pytest.mark.parametrize("hidden", [
    ".git", "tests", "results", "lessons/solutions", "lessons/exercises", "classroom/checks",
    "docs/your_backend/solution.py",
])  # fmt: skip
def test_the_rest_of_the_checkout_is_not_there(room: Sandbox, tmp_path: Path, hidden: str) -> None:
    code = f"import os; print(os.path.exists({str(ROOT / hidden)!r}))"
    assert says(room, tmp_path, code) == "False"


def test_its_files_are_there_and_what_it_writes_is_not_kept(room: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "mine.py").write_text("x = 58\n", encoding="utf-8")
    code = "import mine; open('new', 'w').write('1'); print(mine.x)"
    assert says(room, tmp_path, code) == "58"
    assert says(room, tmp_path, "open('mine.py', 'w')").startswith(("OSError", "PermissionError"))
    assert [file.name for file in tmp_path.iterdir()] == ["mine.py"]


@pytest.mark.parametrize("where", [".", "/tmp", "/dev/shm"])
def test_a_disk_is_soon_full(room: Sandbox, tmp_path: Path, where: str) -> None:
    code = f"""
written = 0
try:
    with open({where!r} + "/big", "wb", buffering=0) as file:
        while written < {4 * DISK}:
            written += file.write(bytes(2**20))
except OSError as error:
    print(error.strerror, written <= {DISK})
"""
    assert says(room, tmp_path, code) == "No space left on device True"


def test_whatever_can_be_written_is_a_disk_of_bounded_size(room: Sandbox, tmp_path: Path) -> None:
    """All mounts but those that are read-only: three disks, /proc, and devices without a memory."""
    found = {}
    for line in says(room, tmp_path, "print(open('/proc/self/mountinfo').read())").splitlines():
        mount, _, disk = line.partition(" - ")
        place, options = mount.split()[4:6]
        if "rw" in options.split(","):
            size = re.search(r"size=(\d+)k", disk)
            found[place] = 1024 * int(size[1]) if size else 0
    expected = {str(tmp_path): DISK, "/tmp": DISK, "/dev/shm": SHARED, "/proc": 0}
    assert {place: size for place, size in found.items() if place in expected} == expected
    assert {*found} - {*expected} == {f"/dev/{device}" for device in DEVICES}


def test_descriptors_signals_and_processes_are_few(room: Sandbox, tmp_path: Path) -> None:
    code = """
import resource
kinds = "NPROC NOFILE SIGPENDING MSGQUEUE MEMLOCK CORE"
print([resource.getrlimit(getattr(resource, f"RLIMIT_{kind}")) for kind in kinds.split()])
"""
    limits = [PROCESSES, sandbox_init.DESCRIPTORS, sandbox_init.SIGNALS, 0, 0, 0]
    assert says(room, tmp_path, code) == str([(most, most) for most in limits])


def test_there_are_no_huge_pages(room: Sandbox, tmp_path: Path) -> None:
    # A kernel that knows of them says so, a line for each process.
    code = "print([l for l in open('/proc/self/status') if l.startswith('THP_enabled')])"
    assert says(room, tmp_path, code) in (str(["THP_enabled:\t0\n"]), "[]")


def test_files_are_copied_without_sendfile(room: Sandbox, tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("58", encoding="utf-8")
    code = "import shutil; shutil.copy('mine', 'yours'); print(open('yours').read())"
    assert says(room, tmp_path, code) == "58"


@pytest.mark.parametrize("where", ["/", "/dev", "/usr", "/etc", "/work", str(ROOT), "/var/tmp"])
def test_nothing_else_can_be_written(room: Sandbox, tmp_path: Path, where: str) -> None:
    said = says(room, tmp_path, f"open({where!r} + '/triptych-was-here', 'w')")
    assert said.startswith(("OSError", "PermissionError", "FileNotFoundError"))
    assert not Path(where, "triptych-was-here").exists()


@pytest.mark.parametrize("family", ["AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK"])
def test_there_is_no_socket_of_any_kind(room: Sandbox, tmp_path: Path, family: str) -> None:
    said = says(room, tmp_path, f"import socket; socket.socket(socket.{family})")
    assert said == "PermissionError: [Errno 1] Operation not permitted"


def test_there_is_no_pair_of_sockets_to_fill(room: Sandbox, tmp_path: Path) -> None:
    # What is in their buffers is memory that no process is seen to hold.
    said = says(room, tmp_path, "import socket; socket.socketpair()")
    assert said == "PermissionError: [Errno 1] Operation not permitted"


@pytest.mark.parametrize("call", [
    "unshare(0x10000000)",  # a namespace of users, where it would be root
    "syscall(56, 0x10000000 | 17, 0, 0, 0, 0)" if os.uname().machine == "x86_64"
    else "syscall(220, 0x10000000 | 17, 0, 0, 0, 0)",
    "syscall(435, 0, 0)",  # clone3, which could ask for one where no filter can look
])  # fmt: skip
def test_it_makes_no_namespaces(room: Sandbox, tmp_path: Path, call: str) -> None:
    code = f"import ctypes; libc = ctypes.CDLL(None, use_errno=True); print(libc.{call})"
    assert says(room, tmp_path, code) == "-1"


def test_processes_are_counted(room: Sandbox, tmp_path: Path) -> None:
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
    # Those that sleep hold the pipe: it is closed because all go with the first.
    done = subprocess.run(
        room.command([sys.executable, "-u", "-c", code], tmp_path), stdout=subprocess.PIPE,
        text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert int(done.stdout) < PROCESSES


def test_what_it_leaves_behind_ends_with_it(room: Sandbox, tmp_path: Path) -> None:
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
    assert says(room, tmp_path, code) == "gone"
    assert left_behind(token) == []


def test_the_end_of_its_grader_is_its_end(room: Sandbox, tmp_path: Path) -> None:
    token = f"orphan-{os.getpid()}-{time.monotonic_ns()}"
    sleeper = [sys.executable, "-c", f"import time; time.sleep(600)  # {token}"]

    def sleeping() -> bool:
        return any(line.startswith(f"{sys.executable} -c import time") for line in running(token))

    code = f"import subprocess; subprocess.Popen({room.command(sleeper, tmp_path)!r}).wait()"
    grader = subprocess.Popen([sys.executable, "-c", code])
    until(sleeping)
    grader.kill()
    grader.wait()
    assert left_behind(token) == []


def test_a_machine_without_a_list_of_calls_is_refused(
    room: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "uname", lambda: SimpleNamespace(machine="riscv64"))
    assert "no list of system calls for riscv64" in refusal()


def refusal() -> str:
    with pytest.raises(NoSandbox) as error:
        sandbox_check.tested()
    assert "TRUST=yes" in str(error.value)
    return str(error.value)


def test_without_bwrap_it_refuses_and_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "apt-get install bubblewrap" in refusal()


def test_where_bwrap_may_not_it_refuses_with_its_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "bwrap"
    script.write_text(
        "#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert "setting up uid map: Permission denied" in refusal()


def test_where_a_wall_is_missing_it_refuses_and_says_which(
    room: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox_check, "sandbox", lambda: with_hole(room, no_filter))
    assert "sockets can be opened" in refusal()


def test_elsewhere_than_on_linux_it_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert "darwin" in refusal()
