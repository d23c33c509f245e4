"""The package alone: what it imports, and `pip install` of it in an empty environment."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import triptych
from tests.waiting import PATIENCE
from triptych.differences.entry import FRAMEWORKS

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


PACKAGE = Path(__file__).parents[2] / "triptych"
OURS = {"triptych", "numpy", "rich"}


def imports(source: str) -> Iterator[tuple[str, bool]]:
    """The top-level packages that a file imports, and whether at import time."""
    tree = ast.parse(source)
    at_once = set(map(id, tree.body))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            name = "." if node.level else str(node.module).split(".")[0]
            yield name, id(node) in at_once
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name.split(".")[0], id(node) in at_once


def strangers(file: Path, source: str) -> set[str]:
    """What a file of the package may not import."""
    is_entry = file.parent.parent == PACKAGE / "differences"
    return {
        name
        for name, at_once in imports(source)
        if name not in sys.stdlib_module_names
        and (name not in FRAMEWORKS or at_once if is_entry else name not in OURS)
    }


FILES = sorted(PACKAGE.rglob("*.py"))


def test_every_file_imports_what_it_may() -> None:
    findings = {file: strangers(file, file.read_text(encoding="utf-8")) for file in FILES}
    assert len(findings) > 150
    assert {str(file): names for file, names in findings.items() if names} == {}


def test_import_triptych_imports_nothing() -> None:
    assert list(imports((PACKAGE / "__init__.py").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("file", "source", "names"),
    [
        ("errors.py", "from adapters.contract import require", {"adapters"}),
        ("errors.py", "def late():\n    import course.settings", {"course"}),
        ("differences/command.py", "import torch", {"torch"}),
        ("differences/losses/entry.py", "import torch", {"torch"}),
        ("differences/losses/entry.py", "def torch():\n    import torch", set()),
        ("differences/losses/entry.py", "def torch():\n    import datasets", {"datasets"}),
        ("differences/losses/entry.py", "from . import other", {"."}),
    ],
)
def test_the_check_can_fail(file: str, source: str, names: set[str]) -> None:
    assert strangers(PACKAGE / file, source) == names
