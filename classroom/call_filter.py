"""Compile the list of allowed system calls into a program for the kernel (seccomp, BPF).

The kernel runs the program before each call. It is short enough to be written by hand: load a
word, compare it, return an action. libseccomp could generate it, but its binding for Python
(pyseccomp) has had no release since 2021 and needs a library that not every system has. Without
that library nothing could be graded.
"""

from __future__ import annotations

import errno
import struct
from functools import cache

from classroom.system_calls import AARCH64, X86_64, Argument, allowed

ARCHITECTURES = {X86_64: 0xC000003E, AARCH64: 0xC00000B7}  # linux/audit.h

# Instructions (linux/bpf_common.h) and actions (linux/seccomp.h).
LOAD, AND, EQUAL, AT_LEAST, RETURN = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
# Offsets in struct seccomp_data; of each argument the lower half, which comes first.
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
# Calls from this number on are newer than 2019 and have the same number on every machine. Libraries
# fall back to older calls if they get ENOSYS for one of these. A refused older call gets EPERM. The
# second table of x86-64 (x32), with numbers above 2**30, counts as new.
NEW = 424
NOT_PERMITTED, NOT_IMPLEMENTED = FAIL | errno.EPERM, FAIL | errno.ENOSYS


@cache
def program(machine: str) -> bytes:
    """The filter for a machine, eight bytes per instruction. Raises KeyError for an unknown one.

    A call by the numbers of another architecture kills the process; x86-64 accepts those of i386.
    """
    steps = [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, ARCHITECTURES[machine], yes=1),
        _step(RETURN, KILL),
        _step(LOAD, NUMBER),
    ]
    for number, arguments in sorted(allowed(machine).items()):
        body = [step for each in arguments for step in _check(each)] + [_step(RETURN, ALLOW)]
        steps += [_step(EQUAL, number, no=len(body)), *body]
    steps += [
        _step(AT_LEAST, NEW, no=1),
        _step(RETURN, NOT_IMPLEMENTED),
        _step(RETURN, NOT_PERMITTED),
    ]
    return b"".join(steps)


def _check(argument: Argument) -> list[bytes]:
    """Instructions that continue if the argument is allowed, and return EPERM if not."""
    steps = [_step(LOAD, ARGUMENTS + 8 * argument.position), _step(AND, argument.mask)]
    for position, value in enumerate(argument.values, start=1):
        steps.append(_step(EQUAL, value, yes=len(argument.values) - position + 1))
    return [*steps, _step(RETURN, NOT_PERMITTED)]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; `yes` and `no`: how many instructions to skip after a comparison."""
    return struct.pack("=HBBI", code, yes, no, value)
