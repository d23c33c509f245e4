"""Modules do not import each other in a circle, and each name that one imports exists.

A circle has no order in which to read it, and no part that can be moved or tested alone. An import
inside a function or under `if TYPE_CHECKING` counts; that `import a.b` also runs a/__init__.py does
not. A late import of a name that was renamed fails only when its line is reached.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
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
