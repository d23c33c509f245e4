"""Imports make no circle, name what exists, and cross from room to room as pyproject.toml allows.

A circle has no order in which to read it, and no part that can be moved or tested alone. An import
inside a function or under `if TYPE_CHECKING` counts; that `import a.b` also runs a/__init__.py does
not. A late import of a name that was renamed fails only when its line is reached. Which room may
import which, and who a framework, is a set of contracts, of which each is broken once.
"""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

import pytest

from course.settings import ROOT

OTHERS = ("build", "results", "tests")  # products, and what nobody imports


def sources(others: tuple[str, ...] = OTHERS) -> dict[str, str]:
    """The text of each of our modules, by its name; of all folders but these others."""
    folders = [f for f in ROOT.glob("[!.]*/") if f.is_dir() and f.name not in others]
    files = [*ROOT.glob("*.py"), *(file for folder in folders for file in folder.rglob("*.py"))]
    return {_name(file): file.read_text(encoding="utf-8") for file in files if file.is_file()}


def _name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(texts: Mapping[str, str]) -> dict[str, set[str]]:
    """The modules among these that each one imports, anywhere in its text."""
    return {name: set(_imported(name, text, texts)) - {name} for name, text in texts.items()}


def _imported(name: str, text: str, known: Mapping[str, str]) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module is not None:
            # `from a import b` imports the module a.b if there is one, else a name of a.
            members = [f"{node.module}.{alias.name}" for alias in node.names]
            found += [member if member in known else node.module for member in members]
        elif isinstance(node, ast.ImportFrom):
            pytest.fail(f"{name} has a relative import: write the package's name")
    return [module for module in found if module in known]


def missing(texts: Mapping[str, str]) -> list[str]:
    """Imports of a name that its module, one of these, binds nowhere: `importer: module.name`."""
    trees = {name: ast.parse(text) for name, text in texts.items()}
    bound = {name: _bound(tree) for name, tree in trees.items()}
    return [
        f"{importer}: {node.module}.{alias.name}"
        for importer, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in trees
        for alias in node.names
        if f"{node.module}.{alias.name}" not in trees
        and alias.name != "*"
        and not {alias.name, "__getattr__"} & bound[node.module]
    ]


def _bound(tree: ast.Module) -> set[str]:
    """The names that a module binds: too many rather than too few, since it looks in functions."""
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.alias):
            names.add(node.asname or node.name.partition(".")[0])
    return names


def circle(graph: Mapping[str, set[str]]) -> list[str]:
    """Modules each of which imports the next, and the last the first; empty if there are none."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(reversed(error.args[1]))
    return []


def test_no_modules_import_each_other_in_a_circle() -> None:
    graph = imports(sources())
    assert len(graph) > 300  # it has found them
    assert circle(graph) == [], "\n".join(circle(graph))


@pytest.mark.parametrize(
    "late",
    [
        "from a import c",
        "import a.c",
        "from a.c import name",
        "def f():\n    from a.c import name",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from a.c import Name",
    ],
)
def test_each_kind_of_import_closes_a_circle(late: str) -> None:
    texts = {"a": "", "a.b": late, "a.c": "import d", "d": "from a import b", "e": "import a.b"}
    assert sorted(circle(imports(texts))[1:]) == ["a.b", "a.c", "d"]
    assert circle(imports(texts | {"a.b": ""})) == []


def test_each_imported_name_exists() -> None:
    assert missing(sources(("build", "results"))) == []


def test_a_late_import_of_a_renamed_name_is_found() -> None:
    texts = {"a": "def new():\n    pass", "b": "def f():\n    from a import new, old"}
    assert missing(texts) == ["b: a.old"]


# The contracts of the rooms, which import-linter checks.

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

with_linter = pytest.mark.skipif(
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


@with_linter
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


@with_linter
def test_every_room_keeps_its_contracts() -> None:
    results, output = lint(ROOT)
    assert results == {contract["name"]: "KEPT" for contract in SETTINGS["contracts"]}, output


@with_linter
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
