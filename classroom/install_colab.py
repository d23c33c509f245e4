"""python triptych/classroom/install_colab.py BACKEND: install what it needs for the Python that runs it.

For Colab, where the kernel is somebody else's and no environment of ours can be put under it.
Standard library only: it runs before anything is installed.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from course.command_table import known  # noqa: E402 - the checkout is not on the path before
from kit import backends, lock_files  # noqa: E402


def commands(backend: str) -> list[list[str]]:
    """The calls of pip, in order: what is locked by hash, then PyTorch if the backend takes it."""
    hashed, *torch = map(str, lock_files(known(backend, backends())))
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    calls = [[*pip, "--require-hashes", "-r", hashed]]
    return calls + ([[*pip, "-r", torch[0], "-c", torch[1]]] if torch else [])


if __name__ == "__main__":
    for command in commands(sys.argv[1]):
        if subprocess.run(command, check=False).returncode:
            sys.exit("the backend could not be installed: look at what pip says above")
