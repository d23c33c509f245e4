"""The memory of a submission includes all its descendants, however well hidden."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from classroom import process_tree
from classroom.limits import Limits, Process
from course.settings import ROOT
from tests.classroom.sandboxed import confined, left_behind
from tests.waiting import PATIENCE

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")

LIMIT = 400 * 1024**2

# Each process takes 100 MB: together they exceed the limit, alone they do not.
MANY = """
import os, time
for _ in range(12):
    if os.fork() == 0:
        os.setsid()
        memory = bytearray(b"1") * 100 * 2**20
        time.sleep(60)
time.sleep(60)
"""
# Each process shows almost no memory, but may have caused much kernel memory.
IDLE = """
import os, time
for _ in range(30):
    if os.fork() == 0:
        time.sleep(60)
time.sleep(60)
"""
TABLES = """
import mmap, time
NO_RESERVE = 0x4000
empty = mmap.mmap(-1, 2**39, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | NO_RESERVE)
for page in range(0, len(empty), 2**21):
    empty[page]
time.sleep(60)
"""
# The first thread ends, and the process continues with all its memory.
HEADLESS = """
import ctypes, os, threading, time
SYS_EXIT = {"x86_64": 60, "aarch64": 93}[os.uname().machine]
def take():
    while "VmRSS" in open("/proc/self/status").read():
        time.sleep(0.01)
    memory = bytearray(b"1") * 600 * 2**20
    time.sleep(20)
if os.fork() == 0:
    threading.Thread(target=take).start()
    ctypes.CDLL(None).syscall(SYS_EXIT, 0)
time.sleep(20)
"""
MODEST = """
import time
memory = bytearray(b"1") * 100 * 2**20
time.sleep(1)
"""


def exceeded(code: str, folder: Path) -> str:
    """The limit that a program in the sandbox exceeds; empty if it ends by itself."""
    argv = confined().command([sys.executable, "-c", code], folder)
    process = Process(argv, folder, os.environ, (), Limits(memory=LIMIT))
    status = process.status(seconds=PATIENCE)
    process.end()
    assert status is not None
    return process.exceeded


@pytest.mark.parametrize("code", [MANY, IDLE, TABLES, HEADLESS])
def test_a_program_that_takes_too_much_memory_is_killed(tmp_path: Path, code: str) -> None:
    assert exceeded(code, tmp_path) == "memory"


def test_the_overhead_grows_with_the_number_of_processes() -> None:
    # Each process may have a link to each mapping of all others: 15 GB for 60 processes.
    overhead = process_tree.kernel_overhead
    assert 60 * overhead(60) > Limits().memory > 16 * overhead(16)


def test_a_modest_program_is_not_killed(tmp_path: Path) -> None:
    assert exceeded(MODEST, tmp_path) == ""


def test_all_descendants_can_be_killed(tmp_path: Path) -> None:
    token = f"started-{os.getpid()}-{time.monotonic_ns()}"
    sleeper = confined().command(
        [sys.executable, "-c", f"import time; time.sleep(600)  # {token}"], tmp_path
    )
    code = f"""
import subprocess, sys, time
sys.path.insert(0, {str(ROOT)!r})
from classroom.process_tree import end_children
started = [subprocess.Popen({sleeper!r}) for _ in range(10)]
time.sleep(float(sys.argv[1]))
end_children()
print([each.wait() for each in started].count(-9))
"""
    for delay in ("0", "0.005", "0.02", "0.5"):  # during their set-up, and after it
        done = subprocess.run([sys.executable, "-c", code, delay], capture_output=True, text=True,
                              timeout=PATIENCE, check=False)  # fmt: skip
        assert done.stdout == "10\n", done.stderr
        assert left_behind(token) == []
