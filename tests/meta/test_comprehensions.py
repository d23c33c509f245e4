"""No comprehension binds a name that another one of its function takes from the module.

Python 3.12.0 and 3.12.1 take the second for a local variable that has no value yet (an
UnboundLocalError); later ones do not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from course.settings import ROOT

FOLDERS = """adapters benchmarks classroom compare course datasets docs injections lessons tests
    tools triptych"""
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)  # a generator has a frame of its own
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
MISTAKE = "def f(a):\n    b = [size for size in a]\n    return [size(x) for x in b]\n"


def hidden(source: str) -> Iterator[str]:
    """Each function with such a name, and the name."""
    for function in ast.walk(ast.parse(source)):
        if isinstance(function, FUNCTIONS):
            bound, free = set[str](), set[str]()
            for node in ast.iter_child_nodes(function):
                _collect(node, frozenset(), bound, free)
            if bound & free:
                name = getattr(function, "name", "a lambda")
                yield from (f"{name}: {each}" for each in sorted(bound & free - _own(function)))


def _collect(node: ast.AST, own: frozenset[str], bound: set[str], free: set[str]) -> None:
    """The names that comprehensions bind, and those that stand in one without being bound in it."""
    if isinstance(node, FUNCTIONS):
        return
    if isinstance(node, (*COMPREHENSIONS, ast.GeneratorExp)):
        targets = {
            name.id
            for generator in node.generators
            for name in ast.walk(generator.target)
            if isinstance(name, ast.Name)
        }
        bound |= targets if isinstance(node, COMPREHENSIONS) else set()
        own |= targets | {""}  # "": inside of a comprehension
    elif isinstance(node, ast.Name) and own and node.id not in own:
        free.add(node.id)
    for child in ast.iter_child_nodes(node):
        _collect(child, own, bound, free)


def _own(function: ast.AST) -> set[str]:
    """The function's parameters, and the variables that it sets outside of comprehensions."""
    names = {node.arg for node in ast.walk(function) if isinstance(node, ast.arg)}
    inside = {
        id(name)
        for node in ast.walk(function)
        if isinstance(node, (*COMPREHENSIONS, ast.GeneratorExp))
        for name in ast.walk(node)
    }
    return names | {
        node.id
        for node in ast.walk(function)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store) and id(node) not in inside
    }


@pytest.mark.parametrize("folder", FOLDERS.split())
def test_no_name_is_hidden(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in Path(ROOT / folder).rglob("*.py")
        for name in hidden(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_one_that_is_hidden_is_found() -> None:
    """The control; and that whoever sets the name, or takes it as a parameter, is let be."""
    assert [*hidden(MISTAKE)] == ["f: size"]
    assert [*hidden(MISTAKE.replace("f(a)", "f(a, size)"))] == []
    assert [*hidden(MISTAKE.replace("    return", "    size = len\n    return"))] == []
    assert [*hidden(MISTAKE.replace("size(x)", "x"))] == []
