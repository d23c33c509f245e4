"""The package imports nothing else of the checkout, and no framework unless it runs a snippet."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from triptych.differences.entry import FRAMEWORKS

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
