"""Print the newest Python here that is supported, if it is newer than the one that runs this.

It may be on the PATH, or be one of those that pyenv keeps.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from kit import PYTHONS, RUNNING

# What an environment is made with; a name that pyenv puts on the PATH may have nothing behind it.
ASK = "import ensurepip, sys, venv; print('%d.%d' % sys.version_info[:2])"


def candidates(version: str) -> Iterator[str]:
    """Where a Python of this version may be."""
    if found := shutil.which("python" + version):
        yield found
    for root in (os.environ.get("PYENV_ROOT"), pyenv_root(), Path.home() / ".pyenv"):
        if root:
            folders = Path(root, "versions").glob(version + ".*")
            yield from (str(folder / "bin" / "python") for folder in folders)


def pyenv_root() -> str:
    """Where pyenv keeps its Pythons, if it is there."""
    if not shutil.which("pyenv"):
        return ""
    return subprocess.run(
        ["pyenv", "root"], capture_output=True, text=True, check=False
    ).stdout.strip()


def works(python: str, version: str) -> bool:
    """Whether it is a Python of this version from which an environment can be made."""
    try:
        done = subprocess.run([python, "-c", ASK], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return done.stdout.strip() == version


def newest() -> str:
    """The Python to run; empty if none that is supported is newer."""
    newer = PYTHONS[PYTHONS.index(RUNNING) + 1 :] if RUNNING in PYTHONS else ()
    for version in reversed(newer):
        for python in candidates(version):
            if works(python, version):
                return python
    return ""


if __name__ == "__main__":
    print(newest())
