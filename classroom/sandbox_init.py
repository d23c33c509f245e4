"""The last step into the sandbox, taken inside it: give up what is left, then become the command.

    python -I -S inside.py USER PROCESSES FILTER COMMAND …

USER is the number of a user who owns nothing, or `-` to stay who one is; FILTER the list of system
calls as the kernel's program (classroom.call_filter), in hexadecimal digits. What is done here
cannot be undone by what is started: not the limits, and not the filter. The namespaces keep a
submission from everything outside; the filter keeps it from making new ones, in which it would be
root and could mount a disk without a limit; from sockets of any kind; and, with the limits, from
memory that no process is seen to hold.
Standard library only, since this is paid each time.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

# Of a processor's time, for one process: more than the limits leave it, and the end of one whose
# grader was killed while its walls were being set up.
SECONDS = 900
# Descriptors of one process. Each may be an end of a pipe, whose buffer nobody is seen to hold.
DESCRIPTORS = 256
SIGNALS = 128  # that wait to be delivered
NO_NEW_PRIVILEGES, SECCOMP, FILTER, NO_HUGE_PAGES = 38, 22, 2, 41  # prctl's


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_char_p))


def filter_calls(program: bytes) -> None:
    """Put the filter on this process and all that it will start. Raises OSError."""
    libc = ctypes.CDLL(None, use_errno=True)
    handed = Program(len(program) // 8, program)
    if libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0) or libc.prctl(
        SECCOMP, FILTER, ctypes.byref(handed), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "the kernel takes no filter of system calls")


def small_pages() -> None:
    """No huge pages, of which one stays whole when all but a small part is given back.

    Only that part is then seen to be held. A kernel that has none has no such call.
    """
    ctypes.CDLL(None).prctl(NO_HUGE_PAGES, 1, 0, 0, 0)


def limit(processes: int) -> None:
    """Set the limits that are the kernel's own."""
    for kind, most in {
        resource.RLIMIT_NPROC: processes,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_SIGPENDING: SIGNALS,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_MEMLOCK: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_CPU: SECONDS,
    }.items():
        hard = resource.getrlimit(kind)[1]  # may be lower, and only root could raise it
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (most, most))


def main() -> None:
    """Give everything up and start the command."""
    user, processes, program, *command = sys.argv[1:]
    if user != "-":
        os.setgroups([])
        os.setresgid(int(user), int(user), int(user))
        os.setresuid(int(user), int(user), int(user))  # its capabilities go with root
    limit(int(processes))
    small_pages()
    filter_calls(bytes.fromhex(program))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
