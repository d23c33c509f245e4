"""The first program inside the sandbox: drop the remaining rights, then start the command.

    python -I -S sandbox_init.py USER PROCESSES FILTER COMMAND …

USER: the id of a user who owns nothing, or `-` to keep the user. FILTER: the allowed system calls
as a program for the kernel (classroom.call_filter), in hexadecimal digits. The command cannot undo
the limits or the filter. The namespaces separate a submission from everything outside. The filter
prevents new namespaces, in which it would be root and could mount a disk without a limit; it
prevents sockets of any kind and, with the limits, memory that is counted for no process.
Standard library only, because every submission starts this program.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

# Seconds of processor time for one process: more than the limits allow. This ends a process whose
# grader was killed while the sandbox was being set up.
SECONDS = 900
# Descriptors of one process. Each may be an end of a pipe, whose buffer is counted for no process.
DESCRIPTORS = 256
SIGNALS = 128  # pending ones
NO_NEW_PRIVILEGES, SECCOMP, FILTER, NO_HUGE_PAGES = 38, 22, 2, 41  # of prctl(2)


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def filter_calls(program: bytes) -> None:
    """Apply the filter to this process and all its future children. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    struct = Program(len(program) // 8, program)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(
        SECCOMP, FILTER, ctypes.byref(struct), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel supports no filter of system calls")


def small_pages() -> None:
    """Turn huge pages off: after most of one is freed it still takes all its memory.

    The kernel then counts only the part in use. A kernel without huge pages lacks the call.
    """
    ctypes.CDLL(None).prctl(NO_HUGE_PAGES, 1, 0, 0, 0)


def limit(processes: int) -> None:
    """Set the resource limits of the kernel."""
    for kind, limit_value in {
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_SIGPENDING: SIGNALS,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: SECONDS,
    }.items():
        hard = resource.getrlimit(kind)[1]  # only root could raise it
        unlimited = hard == resource.RLIM_INFINITY
        limit_value = limit_value if unlimited else min(limit_value, hard)
        resource.setrlimit(kind, (limit_value, limit_value))


def main() -> None:
    """Drop all rights and start the command."""
    user, processes, program, *command = sys.argv[1:]
    if user != "-":
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))  # drops root's capabilities too
    limit(int(processes))
    small_pages()
    filter_calls(bytes.fromhex(program))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
