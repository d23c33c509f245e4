"""python triptych/classroom/install_colab.py BACKEND: install a backend for the running Python.

For Colab, where the kernel is given and cannot run in an environment of the course.
Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from course.command_table import known  # noqa: E402 - needs the path set above
from kit import backends, lock_files  # noqa: E402


def commands(backend: str) -> list[list[str]]:
    """The calls of pip, in order: the hashed lock, then PyTorch if the backend needs it."""
    hashed, *torch = map(str, lock_files(known(backend, backends())))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    calls = [[*pip, "--require-hashes", "-r", hashed]]
    return calls + ([[*pip, "-r", torch[0], "-c", torch[1]]] if torch else [])


if __name__ == "__main__":
    for command in commands(sys.argv[1]):
        if subprocess.run(command, check=False).returncode:
            sys.exit("the backend could not be installed: see the messages of pip above")
