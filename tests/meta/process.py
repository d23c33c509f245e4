"""Running a piece of Python in a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def python(code: str, *args: str, extra: Mapping[str, str] | None = None, path: str = "") -> str:
    """The output of the code; AssertionError with its output if it fails."""
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [path, str(ROOT)]))}
    done = subprocess.run(
        [sys.executable, "-c", code, *args],
        cwd=ROOT, env=environ | dict(extra or {}), text=True, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise AssertionError(f"status {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout.strip()
