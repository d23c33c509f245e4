"""A submission's memory is counted over all that it has started, however well hidden."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from classroom.inside import CALLS
from classroom.watch import Watch
from tests.classroom.sandboxed import confined

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

LIMIT = 400 * 1024**2

# Each holds 100 MB: together more than the limit, none of them alone.
MANY = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        os.setsid()
        held = bytearray(b"1") * 100 * 2**20
        time.sleep(60)
time.sleep(60)
"""
SHARED = """
import mmap, time
held = mmap.mmap(-1, 800 * 2**20)
for page in range(0, len(held), 4096):
    held[page] = 1
time.sleep(60)
"""
MODEST = """
import time
held = bytearray(b"1") * 100 * 2**20
time.sleep(1)
"""


def seconds(code: str, folder: Path) -> tuple[int, float]:
    """How a program ends under the watch, and when."""
    begun = time.monotonic()
    with Watch("bwrap", LIMIT):
        argv = confined().command([sys.executable, "-c", code], folder)
        status = subprocess.run(argv, timeout=50, check=False).returncode
    return status, time.monotonic() - begun


@pytest.mark.parametrize("code", [MANY, SHARED])
def test_too_much_is_ended(tmp_path: Path, code: str) -> None:
    status, took = seconds(code, tmp_path)
    assert status == -9
    assert took < 30


def test_a_modest_one_is_let_be(tmp_path: Path) -> None:
    assert seconds(MODEST, tmp_path)[0] == 0


@pytest.mark.parametrize("call", ["os.memfd_create('x')", "libc_shmget()"])
def test_memory_that_nobody_holds_is_not_given(tmp_path: Path, call: str) -> None:
    number = CALLS[os.uname().machine][3]["shmget"]
    code = f"""
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def libc_shmget():
    if libc.syscall({number}, 0, 4096, 0o1600) < 0:
        raise OSError(ctypes.get_errno(), "")
try:
    {call}
except OSError as error:
    print(error.errno)
"""
    argv = confined().command([sys.executable, "-c", code], tmp_path)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=50, check=False)
    assert done.stdout == "1\n"
