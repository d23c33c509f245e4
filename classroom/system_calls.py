"""The system calls that a submission may make; every other call is refused.

The list was found by tracing (strace) the solutions of all lessons on all backends, and extended by
related calls: a program that may open a file may also ask for its size. Each call is needed, and
the kernel memory that it can take is bounded by a limit of the sandbox (classroom.sandbox_init) or
watched (classroom.process_tree). Missing on purpose: sockets; semaphores, queues and shared memory
of System V and POSIX; memfd, epoll, inotify, io_uring, timers and keys, because their memory is
counted for no process; splice and sendfile, which hide pages of a file in pipes; and every call
that looks into other processes, makes namespaces, mounts, or configures the machine.
"""

from __future__ import annotations

from typing import NamedTuple

X86_64, AARCH64 = "x86_64", "aarch64"
MACHINES = (X86_64, AARCH64)

# Numbers by machine, in the order of MACHINES (asm/unistd_64.h, asm-generic/unistd.h); None if the
# machine only has a newer call.
CALLS: dict[str, tuple[int | None, int | None]] = {
    # memory
    "brk": (12, 214), "mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226),
    "mremap": (25, 216), "madvise": (28, 233), "msync": (26, 227),
    # files: find and read
    "open": (2, None), "openat": (257, 56), "close": (3, 57), "close_range": (436, 436),
    "read": (0, 63), "pread64": (17, 67), "readv": (19, 65), "preadv": (295, 69), "lseek": (8, 62),
    "stat": (4, None), "lstat": (6, None), "fstat": (5, 80), "newfstatat": (262, 79),
    "statx": (332, 291), "statfs": (137, 43), "fstatfs": (138, 44), "access": (21, None),
    "faccessat": (269, 48), "faccessat2": (439, 439), "readlink": (89, None),
    "readlinkat": (267, 78), "getdents64": (217, 61), "getcwd": (79, 17), "chdir": (80, 49),
    "fchdir": (81, 50), "getxattr": (191, 8), "lgetxattr": (192, 9), "fgetxattr": (193, 10),
    "listxattr": (194, 11), "llistxattr": (195, 12), "flistxattr": (196, 13),
    "fadvise64": (221, 223),
    # files: write, on disks of the submission whose size is bounded
    "write": (1, 64), "pwrite64": (18, 68), "writev": (20, 66), "pwritev": (296, 70),
    "mkdir": (83, None), "mkdirat": (258, 34), "rmdir": (84, None), "unlink": (87, None),
    "unlinkat": (263, 35), "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276),
    "link": (86, None), "linkat": (265, 37), "symlink": (88, None), "symlinkat": (266, 36),
    "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53), "truncate": (76, 45),
    "ftruncate": (77, 46), "fallocate": (285, 47), "utimensat": (280, 88), "umask": (95, 166),
    "fsync": (74, 82), "fdatasync": (75, 83), "flock": (73, 32),
    "copy_file_range": (326, 285),
    # descriptors, and waiting for them
    "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "pipe": (22, None), "pipe2": (293, 59),
    "poll": (7, None), "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72),
    "eventfd2": (290, 19), "fcntl": (72, 25), "ioctl": (16, 29),
    # processes and threads; PyTensor calls a compiler
    "clone": (56, 220), "fork": (57, None), "vfork": (58, None), "execve": (59, 221),
    "exit": (60, 93), "exit_group": (231, 94), "wait4": (61, 260), "waitid": (247, 95),
    "setsid": (112, 157), "setpgid": (109, 154), "getpid": (39, 172), "getppid": (110, 173),
    "gettid": (186, 178), "getpgrp": (111, None), "getpgid": (121, 155), "getsid": (124, 156),
    "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177),
    "getgroups": (115, 158), "getresuid": (118, 148), "getresgid": (120, 150),
    "prlimit64": (302, 261), "prctl": (157, 167), "arch_prctl": (158, None),
    "futex": (202, 98), "set_tid_address": (218, 96), "set_robust_list": (273, 99),
    "rseq": (334, 293), "membarrier": (324, 283), "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123), "sched_setaffinity": (203, 122), "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120), "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126), "getcpu": (309, 168),
    # signals
    "kill": (62, 129), "tgkill": (234, 131), "tkill": (200, 130), "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "rt_sigpending": (127, 136),
    "rt_sigsuspend": (130, 133), "rt_sigtimedwait": (128, 137), "sigaltstack": (131, 132),
    "pause": (34, None), "alarm": (37, None), "getitimer": (36, 102), "setitimer": (38, 103),
    "restart_syscall": (219, 128),
    # time, the machine, random numbers
    "time": (201, None), "gettimeofday": (96, 169), "clock_gettime": (228, 113),
    "clock_getres": (229, 114), "nanosleep": (35, 101), "clock_nanosleep": (230, 115),
    "times": (100, 153), "getrusage": (98, 165), "uname": (63, 160), "sysinfo": (99, 179),
    "getrandom": (318, 278),
}  # fmt: skip


class Argument(NamedTuple):
    """A condition on an argument: `argument & mask`, of its lower 32 bits, is one of `values`.

    All these arguments are of type int in the kernel, or flags without higher bits.
    """

    position: int  # from 0
    mask: int
    values: tuple[int, ...]


ALL = 0xFFFFFFFF
SIGNAL = 0xFF  # the lowest byte of clone's flags: the signal at the end
VM, FS, FILES, SIGHAND, VFORK = 0x100, 0x200, 0x400, 0x800, 0x4000
THREAD, SYSVSEM, SETTLS, PARENT_SETTID = 0x10000, 0x40000, 0x80000, 0x100000
CHILD_CLEARTID, DETACHED, CHILD_SETTID = 0x200000, 0x400000, 0x1000000
CLONE_FLAGS = (
    SIGNAL | VM | FS | FILES | SIGHAND | VFORK | THREAD | SYSVSEM | SETTLS | PARENT_SETTID
    | CHILD_CLEARTID | DETACHED | CHILD_SETTID
)  # fmt: skip
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL = 0, 1, 2, 3, 4
F_DUPFD_CLOEXEC, F_GETPIPE_SZ = 1030, 1032
TCGETS, TCGETS2, TIOCGWINSZ = 0x5401, 0x802C542A, 0x5413
FIONREAD, FIONBIO, FIONCLEX, FIOCLEX = 0x541B, 0x5421, 0x5450, 0x5451
PR_SET_NAME, PR_GET_NAME = 15, 16

# Calls that are allowed with certain arguments only.
ARGUMENTS: dict[str, tuple[Argument, ...]] = {
    # Threads and children in no new namespace, for which their parent can wait. A thread must share
    # the descriptors of its process; else each thread could have as many as a process.
    "clone": (
        Argument(0, ALL & ~CLONE_FLAGS, (0,)),
        Argument(0, THREAD | FILES, (0, FILES, THREAD | FILES)),
    ),
    # Shared memory without a file stays allocated after its pages are unmapped, and is then counted
    # for no process. With a file it lies on a disk of bounded size.
    "mmap": (Argument(3, MAP_SHARED | MAP_ANONYMOUS, (0, MAP_SHARED, MAP_ANONYMOUS)),),
    # No locks on parts of a file, of which one file can have millions, and no larger pipes.
    "fcntl": (
        Argument(
            1, ALL, (F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC, F_GETPIPE_SZ)
        ),
    ),
    # Questions: is it a terminal, how wide, how much is waiting. Nothing that types into one.
    "ioctl": (
        Argument(1, ALL, (TCGETS, TCGETS2, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX)),
    ),
    # Names of threads. No more filters: they take memory too.
    "prctl": (Argument(0, ALL, (PR_SET_NAME, PR_GET_NAME)),),
    # Limits of the calling process only.
    "prlimit64": (Argument(0, ALL, (0,)),),
}


def allowed(machine: str) -> dict[int, tuple[Argument, ...]]:
    """The numbers of the allowed calls on a machine, with the conditions on their arguments.

    Raises KeyError for an unknown machine.
    """
    if machine not in MACHINES:
        raise KeyError(machine)
    column = MACHINES.index(machine)
    numbers = {name: numbers[column] for name, numbers in CALLS.items()}
    return {n: ARGUMENTS.get(name, ()) for name, n in numbers.items() if n is not None}
