"""The last step into the sandbox, taken inside it: give up what is left, then become the command.

    python -I -S inside.py USER PROCESSES COMMAND …

USER is the number of a user who owns nothing, or `-` to stay who one is. What is done here cannot
be undone by what is started: not the number of processes, and not the filter on system calls. The
namespaces keep a submission from everything outside; the filter keeps it from making new ones, in
which it would be root and could mount a disk without a limit; from sockets of any kind; and from
memory that no process is seen to hold.
Standard library only, since this is paid each time.
"""

from __future__ import annotations

import ctypes
import errno
import os
import resource
import struct
import sys

# Numbers of system calls (asm/unistd.h), by machine: the name of its architecture for the filter
# (linux/audit.h), `clone`, and what is answered with "not permitted".
NEW_USER = 0x10000000  # the flag of clone for a user namespace
CALLS = {
    #                arch      clone  clone3
    "x86_64": (0xC000003E, 56, 435, {
        "socket": 41, "socketpair": 53, "unshare": 272, "setns": 308, "add_key": 248,
        "request_key": 249, "keyctl": 250, "bpf": 321, "perf_event_open": 298, "userfaultfd": 323,
        "io_uring_setup": 425, "memfd_create": 319, "memfd_secret": 447, "shmget": 29,
    }),
    "aarch64": (0xC00000B7, 220, 435, {
        "socket": 198, "socketpair": 199, "unshare": 97, "setns": 268, "add_key": 217,
        "request_key": 218, "keyctl": 219, "bpf": 280, "perf_event_open": 241, "userfaultfd": 282,
        "io_uring_setup": 425, "memfd_create": 279, "memfd_secret": 447, "shmget": 194,
    }),
}  # fmt: skip

# Instructions of the filter (linux/bpf_common.h) and its answers (linux/seccomp.h).
LOAD, EQUAL, AT_LEAST, HAS_BIT, ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
NUMBER, ARCHITECTURE, FIRST_ARGUMENT = 0, 4, 16  # where struct seccomp_data has them
OTHER_TABLE = 0x40000000  # x86-64's second table of the same calls (x32), which nobody uses
# Of a processor's time, for one process: more than the limits leave it, and the end of one whose
# grader was killed while its walls were being set up.
SECONDS = 900
NO_NEW_PRIVILEGES, SECCOMP, FILTER = 38, 22, 2  # prctl's


def rules(machine: str) -> bytes:
    """The filter of system calls as a program of the kernel's, eight bytes an instruction."""
    architecture, clone, clone3, denied = CALLS[machine]

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("=HBBI", code, yes, no, value)

    program = [
        step(LOAD, ARCHITECTURE),
        step(EQUAL, architecture, yes=1),
        step(ANSWER, KILL),
        step(LOAD, NUMBER),
        step(AT_LEAST, OTHER_TABLE, no=1),
        step(ANSWER, KILL),
        # Its flags are in memory, where no filter can look; without it the C library uses clone.
        step(EQUAL, clone3, no=1),
        step(ANSWER, FAIL | errno.ENOSYS),
    ]
    for number in denied.values():
        program += [step(EQUAL, number, no=1), step(ANSWER, FAIL | errno.EPERM)]
    program += [
        step(EQUAL, clone, no=3),
        step(LOAD, FIRST_ARGUMENT),
        step(HAS_BIT, NEW_USER, no=1),
        step(ANSWER, FAIL | errno.EPERM),
        step(ANSWER, ALLOW),
    ]
    return b"".join(program)


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def filter_calls() -> None:
    """Put the filter on this process and all that it will start. Raises OSError."""
    program = rules(os.uname().machine)
    libc = ctypes.CDLL(None, use_errno=True)
    handed = Program(len(program) // 8, program)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(
        SECCOMP, FILTER, ctypes.byref(handed), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


def main() -> None:
    """Give everything up and start the command."""
    user, processes, *command = sys.argv[1:]
    if user != "-":
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))  # its capabilities go with root
    resource.setrlimit(resource.RLIMIT_NPROC, (int(processes), int(processes)))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    filter_calls()
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
