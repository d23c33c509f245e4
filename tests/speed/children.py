"""Run Python in a process of its own and measure its CPU seconds, memory and imports.

CPU seconds rather than elapsed time: a busy machine makes a process wait, but hardly makes it
compute more. The process is started through a shell, since Linux counts the memory of the process
that starts a program towards the program's own peak.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from adapters import environment
from course.settings import ROOT

# Writes its cost at the end: `course` ends with os._exit, but runs registered functions before.
WRAPPED = """
import atexit, json, sys, time
cost_file = sys.argv.pop(1)
def write_cost():
    cost = {"cpu": time.process_time(), "modules": sorted({m.split(".")[0] for m in sys.modules})}
    try:
        import resource
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cost["peak_mb"] = peak / (2**20 if sys.platform == "darwin" else 2**10)
    except ImportError:
        cost["peak_mb"] = None
    with open(cost_file, "w") as file:
        json.dump(cost, file)
atexit.register(write_cost)
"""
MODULE = (
    WRAPPED
    + """
import runpy
name = sys.argv.pop(1)
sys.argv[0] = name
runpy.run_module(name, run_name="__main__", alter_sys=True)
"""
)


@dataclass(frozen=True)
class Cost:
    """The cost of a process, and how it ended."""

    status: int
    output: str
    cpu: float  # seconds, without its children
    peak_mb: float | None  # None if the system does not report it
    modules: frozenset[str]  # top-level names


def module(folder: Path, name: str, *arguments: str) -> Cost:
    """The cost of `python -m name …` in a folder."""
    return _run(folder, MODULE, name, *arguments)


def statement(folder: Path, code: str) -> Cost:
    """The cost of some lines of Python."""
    return _run(folder, f"{WRAPPED}\n{code}\n")


def _run(folder: Path, code: str, *arguments: str) -> Cost:
    cost_file = folder / "cost.json"
    words = [sys.executable, "-P", "-c", code, str(cost_file), *arguments]
    done = subprocess.run(
        ["sh", "-c", shlex.join(words) + "; exit $?"],
        cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False,
        stderr=subprocess.STDOUT, env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert cost_file.is_file(), done.stdout
    cost = json.loads(cost_file.read_text())
    return Cost(
        done.returncode, done.stdout, cost["cpu"], cost["peak_mb"], frozenset(cost["modules"])
    )
