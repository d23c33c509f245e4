"""The list of system calls as a program that the kernel runs before each call (seccomp, BPF).

It is short enough to be written by hand: one word is loaded, compared, and answered. libseccomp
would write it as well, but its binding for Python (pyseccomp) has had no release since 2021 and
needs a library that not every system has, for want of which nothing could be graded.
"""

from __future__ import annotations

import errno
import struct
from functools import cache

from classroom.system_calls import AARCH64, X86_64, Argument, allowed

ARCHITECTURES = {X86_64: 0xC000003E, AARCH64: 0xC00000B7}  # linux/audit.h

# Instructions (linux/bpf_common.h) and answers (linux/seccomp.h).
LOAD, AND, EQUAL, AT_LEAST, ANSWER = 0x20, 0x54, 0x15, 0x35, 0x06
ALLOW, KILL, FAIL = 0x7FFF0000, 0x80000000, 0x00050000
# Where struct seccomp_data has them; of an argument, its lower half, which comes first.
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16
# Calls from here on came after 2019, have the same numbers everywhere, and every library still
# knows a way without: if a kernel "does not have" one, it is taken. An older call that is refused
# is "not permitted". x86-64's second table (x32), whose numbers are above 2**30, counts as new.
NEW = 424
NOT_PERMITTED, NOT_THERE = FAIL | errno.EPERM, FAIL | errno.ENOSYS


@cache
def program(machine: str) -> bytes:
    """The filter for this machine, eight bytes an instruction. Raises KeyError for an unknown one.

    A call by another machine's numbers (x86-64 takes those of i386) ends the process.
    """
    steps = [
        _step(LOAD, ARCHITECTURE),
        _step(EQUAL, ARCHITECTURES[machine], yes=1),
        _step(ANSWER, KILL),
        _step(LOAD, NUMBER),
    ]
    for number, arguments in sorted(allowed(machine).items()):
        body = [step for one in arguments for step in _checked(one)] + [_step(ANSWER, ALLOW)]
        steps += [_step(EQUAL, number, no=len(body)), *body]
    steps += [_step(AT_LEAST, NEW, no=1), _step(ANSWER, NOT_THERE), _step(ANSWER, NOT_PERMITTED)]
    return b"".join(steps)


def _checked(argument: Argument) -> list[bytes]:
    """Go on behind these steps if the argument is as it must be; else answer."""
    steps = [_step(LOAD, ARGUMENTS + 8 * argument.place), _step(AND, argument.mask)]
    for tried, value in enumerate(argument.values, start=1):
        steps.append(_step(EQUAL, value, yes=len(argument.values) - tried + 1))
    return [*steps, _step(ANSWER, NOT_PERMITTED)]


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    """One instruction; `yes` and `no` are how many to skip after a comparison."""
    return struct.pack("=HBBI", code, yes, no, value)
