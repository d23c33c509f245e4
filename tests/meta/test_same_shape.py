"""The same shape in every room: every adapter has the same tables and methods in the same order.

The files are read, not run, so no framework is imported.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from adapters import ENGINES

ROOT = Path(__file__).parents[2]
ADAPTERS = sorted(engine.module.replace(".", "/") + ".py" for engine in ENGINES.values())
TABLES = ["DEFAULTS", "open_device", "ACTIVATIONS", "LOSSES", "OPTIMIZERS", "MODEL"]
ADAPTER_LINES, OTHER_LINES = 270, 300


def tables(source: str) -> list[str]:
    """The module's tables, in the order in which it makes them."""
    names: list[str] = []
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.append(node.name)
        elif isinstance(node, ast.Assign):
            names += [target.id for target in node.targets if isinstance(target, ast.Name)]
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            names.append(node.target.id)
    return [name for name in names if name in TABLES]


def methods(source: str, base: str = "Model") -> list[str]:
    """The public methods of the class that derives from `base`, or is it, in their order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef):
            bases = [b.id for b in node.bases if isinstance(b, ast.Name)]
            if base in bases or node.name == base:
                names = [f.name for f in node.body if isinstance(f, ast.FunctionDef)]
                return [n for n in names if not n.startswith("_") or n == "__init__"]
    raise AssertionError(f"no class of this file derives from {base}")


@pytest.mark.parametrize("path", ADAPTERS)
def test_every_adapter_has_the_same_tables_and_methods(path: str) -> None:
    source = (ROOT / path).read_text(encoding="utf-8")
    contract = methods((ROOT / "adapters/contract.py").read_text(encoding="utf-8"))
    assert tables(source) == TABLES
    assert methods(source) == contract


def test_the_check_can_fail() -> None:
    source = (ROOT / ADAPTERS[0]).read_text(encoding="utf-8")
    names = methods(source)
    assert tables(source.replace("ACTIVATIONS", "FUNCTIONS")) != TABLES
    assert methods(source.replace("def epoch(", "def one_epoch(")) != names
    assert methods(source.replace("def loss(", "def _loss_of(")) != names
    swapped = source.replace("def step(", "def x(").replace("def epoch(", "def step(")
    assert methods(swapped.replace("def x(", "def epoch(")) != names
    with pytest.raises(AssertionError, match="derives from"):
        methods("class Other: pass")


def test_one_idea_a_file_and_a_file_has_an_end() -> None:
    for folder in ("adapters", "tests"):
        for path in (ROOT / folder).rglob("*.py"):
            limit = ADAPTER_LINES if path.stem.endswith("_adapter") else OTHER_LINES
            lines = len(path.read_text(encoding="utf-8").splitlines())
            assert lines <= limit, f"{path.relative_to(ROOT)} has {lines} lines, limit {limit}"
