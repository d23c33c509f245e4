"""The rooms import each other only as pyproject.toml allows, and a forbidden import is caught."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
COMMAND = ["-c", "from importlinter.cli import import_linter; import_linter()"]

# By contract: a file, and an import that breaks this contract, written where a function hides it or
# only a type checker reads it.
FORBIDDEN = {
    "bottom": ("datasets/idx.py", "def f():\n    from course import settings\n"),
    "apart": ("triptych/arguments.py", "import adapters.contract\n"),
    "course": ("course/record.py", "import compare.budgets\n"),
    "injections": ("injections/data.py", "from datasets import idx\n"),
    "lessons": ("lessons/lesson1_perceptron.py", "from compare import gaps\n"),
    "native": ("lessons/native/lesson4_torch.py", "from adapters import contract\n"),
    "compare": ("compare/page/svg.py", "import lessons.lesson4_mlp\n"),
    "classroom": (
        "classroom/checks/lesson1.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from triptych import errors\n",
    ),
    "benchmarks": ("benchmarks/report.py", "from classroom import grade\n"),
    "nobody": ("compare/check_adapter/trial.py", "from tests import waiting\n"),
    "frameworks": ("course/training.py", "def f():\n    import torch\n"),
}

pytestmark = pytest.mark.skipif(
    find_spec("importlinter") is None,
    reason="import-linter is not installed: the contracts of imports were NOT tested; make setup "
    "BACKEND=dev",
)


def lint(folder: Path) -> tuple[dict[str, str], str]:
    """KEPT or BROKEN for each contract, by name, and the whole output."""
    done = subprocess.run(
        [sys.executable, *COMMAND, "lint", "--no-logo", "--no-cache"],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    results = dict(re.findall(r"^(.+?) (KEPT|BROKEN)(?: \(.*\))?$", done.stdout, re.MULTILINE))
    return results, done.stdout + done.stderr


def test_every_file_is_read() -> None:
    """import-linter skips folders without __init__.py in a package that has one."""
    packages = [
        room for room in SETTINGS["root_packages"] if (ROOT / room / "__init__.py").exists()
    ]
    skipped = {
        file.parent.relative_to(ROOT).as_posix()
        for room in packages
        for file in (ROOT / room).rglob("*.py")
        if not file.with_name("__init__.py").exists()
    }
    assert all(folder.startswith("triptych/differences/") for folder in skipped), skipped


def test_every_room_keeps_its_contracts() -> None:
    results, output = lint(ROOT)
    assert results == {contract["name"]: "KEPT" for contract in SETTINGS["contracts"]}, output


def test_a_forbidden_import_breaks_its_contract(tmp_path: Path) -> None:
    """All at once, one for each contract, as each run reads all files."""
    for room in SETTINGS["root_packages"]:
        for file in (ROOT / room).rglob("*.py"):
            copy = tmp_path / file.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    assert {contract["id"] for contract in SETTINGS["contracts"]} == set(FORBIDDEN)
    for name, line in FORBIDDEN.values():
        with (tmp_path / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{line}")
    results, output = lint(tmp_path)
    assert results == {contract["name"]: "BROKEN" for contract in SETTINGS["contracts"]}, output
    for name, _ in FORBIDDEN.values():
        assert name.removesuffix(".py").replace("/", ".") in output
