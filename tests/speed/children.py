"""Python in a process of its own that says what it cost: CPU seconds, memory, and what it imported.

CPU seconds and not those of a clock: a busy machine makes a process wait, but hardly makes it do
more. The process is started through a shell, since Linux hands the memory of whoever starts a
program on to it as the most that it has held.
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

# Says at its end what it cost: `course` ends with os._exit, but runs what is registered before.
WRAPPED = """
import atexit, json, sys, time
told = sys.argv.pop(1)
def tell():
    cost = {"cpu": time.process_time(), "modules": sorted({m.split(".")[0] for m in sys.modules})}
    try:
        import resource
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        cost["peak_mb"] = peak / (2**20 if sys.platform == "darwin" else 2**10)
    except ImportError:
        cost["peak_mb"] = None
    with open(told, "w") as file:
        json.dump(cost, file)
atexit.register(tell)
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
    """What a process cost, and how it ended."""

    status: int
    said: str
    cpu: float  # seconds, of this process and not of its children
    peak_mb: float | None  # None where the system does not say
    modules: frozenset[str]  # top-level names


def module(folder: Path, name: str, *arguments: str) -> Cost:
    """The cost of `python -m name …` in a folder."""
    return _run(folder, MODULE, name, *arguments)


def statement(folder: Path, code: str) -> Cost:
    """The cost of some lines of Python."""
    return _run(folder, f"{WRAPPED}\n{code}\n")


def _run(folder: Path, code: str, *arguments: str) -> Cost:
    told = folder / "told.json"
    words = [sys.executable, "-P", "-c", code, str(told), *arguments]
    done = subprocess.run(
        ["sh", "-c", shlex.join(words) + "; exit $?"],
        cwd=folder, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=False,
        stderr=subprocess.STDOUT, env=environment.allowed(os.environ) | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert told.is_file(), done.stdout
    cost = json.loads(told.read_text())
    return Cost(
        done.returncode, done.stdout, cost["cpu"], cost["peak_mb"], frozenset(cost["modules"])
    )
