"""The filter of system calls: its answers, simulated here and tested in the kernel."""

from __future__ import annotations

import errno
import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.call_filter import ARCHITECTURES, NEW, program
from classroom.system_calls import CALLS, MACHINES, allowed
from tests.classroom.sandboxed import confined
from tests.waiting import PATIENCE

ALLOWED, KILLED = "allowed", "killed"
I386, ARM = 0x40000003, 0x40000028
X32 = 0x40000000
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has seccomp")
machines = pytest.mark.parametrize("machine", MACHINES)
words = st.integers(0, 2**32 - 1)


def answer(
    machine: str, number: int, arguments: Sequence[int] = (), arch: int | None = None
) -> str | int:
    """Simulate the filter for a call: allowed, killed, or an error number."""
    padded = [*arguments, *[0] * (6 - len(arguments))]
    architecture = ARCHITECTURES[machine] if arch is None else arch
    data = struct.pack("<IIQ6Q", number, architecture, 0, *padded)
    steps = [*struct.iter_unpack("<HBBI", program(machine))]
    accumulator, at = 0, 0
    while True:
        code, yes, no, value = steps[at]
        at += 1
        if code == 0x20:  # load a word
            (accumulator,) = struct.unpack_from("<I", data, value)
        elif code == 0x54:  # and
            accumulator &= value
        elif code == 0x15:  # equal
            at += yes if accumulator == value else no
        elif code == 0x35:  # at least
            at += yes if accumulator >= value else no
        else:
            assert code == 0x06, "an instruction that the filter should not need"
            kind = value & 0xFFFF0000
            if kind == 0x00050000:
                return int(value & 0xFFFF)
            return {0x7FFF0000: ALLOWED, 0x80000000: KILLED}[kind]


def call(machine: str, name: str, *arguments: int) -> str | int:
    """The answer to a call, given by name."""
    number = CALLS[name][MACHINES.index(machine)]
    assert number is not None
    return answer(machine, number, arguments)


@machines
@given(number=words)
def test_an_unlisted_call_is_refused(machine: str, number: int) -> None:
    if number not in allowed(machine):
        assert answer(machine, number) == (errno.EPERM if number < NEW else errno.ENOSYS)


@machines
def test_whatever_is_listed_is_allowed_at_least_in_part(machine: str) -> None:
    for number, arguments in allowed(machine).items():
        values = [0] * 6
        for argument in arguments:
            values[argument.position] = argument.values[0]
        assert answer(machine, number, values) == ALLOWED


@machines
@given(arguments=st.lists(st.integers(0, 2**64 - 1), min_size=6, max_size=6))
def test_arguments_are_judged_as_in_the_table(machine: str, arguments: list[int]) -> None:
    for number, conditions in allowed(machine).items():
        fine = all(arguments[c.position] & c.mask in c.values for c in conditions)
        assert answer(machine, number, arguments) == (ALLOWED if fine else errno.EPERM)


@machines
@given(number=words, arch=words)
def test_a_call_of_another_architecture_kills_the_process(
    machine: str, number: int, arch: int
) -> None:
    for other in {I386, ARM, *ARCHITECTURES.values(), arch} - {ARCHITECTURES[machine]}:
        assert answer(machine, number, arch=other) == KILLED


@given(number=st.integers(0, 600))
def test_the_second_table_of_x86_is_refused(number: int) -> None:
    assert answer("x86_64", X32 | number) == errno.ENOSYS


@machines
@pytest.mark.parametrize(
    ("name", "fine", "refused"),
    [
        # a child; a thread; vfork — a user namespace; a network namespace; a sibling; a thread with
        # its own descriptors; a child with a pidfd
        ("clone", [(0x01200011,), (0x3D0F00,), (0x4111,)],
         [(0x10000011,), (0x40000011,), (0x8011,), (0x3D0B00,), (0x1011,)]),
        # private; shared with a file — shared without a file, in each form
        ("mmap", [(0, 1, 3, 0x22), (0, 1, 3, 0x01)], [(0, 1, 3, 0x21), (0, 1, 3, 0x23)]),
        # copy, close on exec — a lock on a part, a lock of the open file, a larger pipe, a lease
        ("fcntl", [(3, 0), (3, 2), (3, 1030)], [(3, 6), (3, 37), (3, 1031), (3, 1024)]),
        # is it a terminal — type into it; the same with upper bits, which the kernel ignores
        ("ioctl", [(0, 0x5401)], [(0, 0x5412), (0, 2**32 + 0x5412)]),
        # the name of a thread — another filter, more rights
        ("prctl", [(15,)], [(22, 2), (38, 1), (47, 2)]),
        ("prlimit64", [(0, 7)], [(1, 7), (2**32 - 1, 7)]),
    ],
)  # fmt: skip
def test_some_calls_are_allowed_with_certain_arguments(
    machine: str, name: str, fine: list[tuple[int, ...]], refused: list[tuple[int, ...]]
) -> None:
    assert {call(machine, name, *arguments) for arguments in fine} == {ALLOWED}
    assert {call(machine, name, *arguments) for arguments in refused} == {errno.EPERM}


@machines
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    header = HEADERS[machine]
    if not header.exists():
        pytest.skip(f"{header} is not installed")
    matches = re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", header.read_text())
    numbers = {name: int(number) for name, number in matches}
    numbers.setdefault("newfstatat", numbers.get("fstatat", -1))
    listed = {name: pair[MACHINES.index(machine)] for name, pair in CALLS.items()}
    assert listed == {name: numbers.get(name) for name in CALLS}


@machines
@pytest.mark.parametrize("name", [
    "socket", "socketpair", "semget", "semop", "msgget", "msgsnd", "shmget", "shmat", "mq_open",
    "memfd_create", "memfd_secret", "epoll_create", "epoll_create1", "inotify_init1", "signalfd4",
    "fanotify_init", "timerfd_create", "timer_create", "io_setup", "io_uring_setup", "add_key",
    "keyctl", "bpf", "perf_event_open", "userfaultfd", "ptrace", "process_vm_readv", "pidfd_open",
    "pidfd_getfd", "kcmp", "unshare", "setns", "mount", "fsopen", "open_tree", "pivot_root",
    "chroot", "clone3", "seccomp", "landlock_create_ruleset", "personality", "modify_ldt",
    "kexec_load", "init_module", "reboot", "swapon", "vmsplice", "splice", "sendfile", "tee",
    "mlock", "mlockall", "remap_file_pages", "mknod", "mknodat", "setxattr", "name_to_handle_at",
    "syslog", "open_by_handle_at", "quotactl", "acct", "setuid", "setresuid", "clock_settime",
    "sync",
])  # fmt: skip
def test_a_dangerous_call_is_not_listed(machine: str, name: str) -> None:
    assert name not in CALLS


# uretprobe and uprobe: Linux 6.14 and 6.18 do not pass them to filters. They come from addresses
# that the kernel has marked in a program; a call from elsewhere kills the process by SIGILL.
UNFILTERED = {"x86_64": [335, 336]}
# Every number up to 1000 in both tables, and two invalid numbers. All arguments are -1: a call that
# passes the filter fails with another error, EFAULT or EBADF, or does something.
EVERY_NUMBER = """
import ctypes, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
allowed, unfiltered, new, x32, not_permitted, not_implemented = json.loads(sys.argv[1])
wrong = {}
for number in unfiltered:
    if os.fork() == 0:
        os._exit(0 if libc.syscall(number) == -1 else 1)
    wrong |= {number: "allowed"} if os.wait()[1] >= 256 else {}
for first in (0, x32):
    for number in {*range(first, first + 1000), 2**31 - 1, -1} - {*allowed, *unfiltered}:
        ctypes.set_errno(0)
        result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(-1)] * 6)
        expected = not_permitted if 0 <= number < new else not_implemented
        if (result, ctypes.get_errno()) != (-1, expected):
            wrong[number] = result, ctypes.get_errno()
print(wrong)
"""


@on_linux
def test_the_kernel_refuses_every_number_that_is_not_listed(tmp_path: Path) -> None:
    machine = os.uname().machine
    table = json.dumps(
        [[*allowed(machine)], UNFILTERED.get(machine, []), NEW, X32, errno.EPERM, errno.ENOSYS]
    )
    argv = confined().command([sys.executable, "-c", EVERY_NUMBER, table], tmp_path)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout == "{}\n", done.stderr


@on_linux
@pytest.mark.skipif(os.name == "nt" or os.uname().machine != "x86_64", reason="for x86-64 only")
def test_a_call_with_a_number_of_i386_kills_the_process(tmp_path: Path) -> None:
    # mov eax, 20 (getpid); int 0x80; ret
    code = """
import ctypes, mmap
page = mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, prot=7)
page.write(bytes.fromhex("b814000000cd80c3"))
at = ctypes.addressof(ctypes.c_char.from_buffer(page))
print("called", ctypes.CFUNCTYPE(ctypes.c_int)(at)())
"""
    argv = confined().command([sys.executable, "-c", code], tmp_path)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.stdout == ""
    assert done.returncode in (128 + 31, 128 + 11)  # SIGSYS; SIGSEGV by a kernel without i386
