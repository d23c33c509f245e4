"""Modules do not import each other in a circle, neither late nor for type checking only.

A circle has no order in which to read it, and no part that can be moved or tested alone. An import
inside a function or under `if TYPE_CHECKING` counts; that `import a.b` also runs a/__init__.py does
not.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from course.settings import ROOT

OTHERS = ("build", "results", "tests")  # products, and what nobody imports


def sources() -> dict[str, str]:
    """The text of each of our modules, by its name."""
    folders = [f for f in ROOT.glob("[!.]*/") if f.is_dir() and f.name not in OTHERS]
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
