"""`pip install` of the checkout in an empty environment: the package, its command, nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import triptych
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
PROGRAMS = "Scripts" if os.name == "nt" else "bin"
LIST = """
from importlib.metadata import files
print(*sorted({file.parts[0] for file in files("triptych")}), sep="\\n")
"""


def test_only_the_package_is_packed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"] == {"packages": ["triptych"]}
    assert project["tool"]["hatch"]["version"]["path"] == "triptych/__init__.py"


@pytest.mark.slow
def test_installed_outside_the_checkout(tmp_path: Path) -> None:
    """It needs a package index: a build fetches its tools from there."""
    home, here = tmp_path / "environment", tmp_path / "here"
    here.mkdir()

    def run(*command: str | Path) -> str:
        environ = {key: text for key, text in os.environ.items() if key != "PYTHONPATH"}
        done = subprocess.run(
            list(map(str, command)), cwd=here, env=environ, text=True, capture_output=True,
            check=False, timeout=PATIENCE,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run(sys.executable, "-m", "venv", home)
    python = home / PROGRAMS / "python"
    before = sorted(path.name for path in ROOT.iterdir())
    run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", ROOT)
    assert sorted(path.name for path in ROOT.iterdir()) == before  # nothing is left in the checkout
    tops = set(run(python, "-c", LIST).split())
    assert tops == {"triptych", f"triptych-{triptych.__version__}.dist-info", ".."}  # .. is bin/
    run(python, "-c", "import triptych")
    command = home / PROGRAMS / "triptych"
    assert run(command, "--version") == f"triptych {triptych.__version__}\n"
    assert "Adam's epsilon" in run(command, "differences", "adam_epsilon")
    assert "numpy: done" in run(command, "differences", "adam_epsilon", "--run")
