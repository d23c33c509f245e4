"""The defects that students repair are mutants of the adapter that the laws detect."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.meta.loading import ADAPTERS, mutate
from tests.meta.mutants_numpy import NUMPY

LESSONS = Path(__file__).parents[2] / "lessons"
MUTANTS = {mutant.name: mutant for mutant in NUMPY}
DEFECTS = [
    pytest.param(3, "epoch", "last batch dropped", marks=pytest.mark.lesson3),
    pytest.param(4, "_loss_and_gradients", "kernel not transposed", marks=pytest.mark.lesson4),
    pytest.param(5, "restore", "t not restored", marks=pytest.mark.lesson5),
]


class Untyped(ast.NodeTransformer):
    """Remove type annotations and decorators, which the student's file does not have."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns, node.decorator_list = None, []
        for argument in node.args.args:
            argument.annotation = None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        assert node.value is not None
        return ast.Assign([node.target], node.value, lineno=node.lineno)


def method(text: str, owner: str, name: str) -> str:
    """The code of a method in a normal form, without comments and types."""
    (owning,) = (n for n in ast.parse(text).body if isinstance(n, ast.ClassDef) and n.name == owner)
    (function,) = (n for n in owning.body if isinstance(n, ast.FunctionDef) and n.name == name)
    return ast.unparse(Untyped().visit(function))


@pytest.mark.parametrize(("lesson", "name", "mutant"), DEFECTS)
def test_the_defect_is_the_mutant(lesson: int, name: str, mutant: str) -> None:
    adapter = (ADAPTERS / "numpy_adapter.py").read_text(encoding="utf-8")
    changed = mutate(adapter, MUTANTS[mutant].old, MUTANTS[mutant].new)
    handed_out = (LESSONS / "exercises" / f"lesson{lesson}.py").read_text(encoding="utf-8")
    assert method(handed_out, "Backend", name) == method(changed, "NumpyModel", name)
    assert method(handed_out, "Backend", name) != method(adapter, "NumpyModel", name)


@pytest.mark.parametrize(("lesson", "name", "mutant"), DEFECTS)
def test_the_repair_is_the_adapter(lesson: int, name: str, mutant: str) -> None:
    adapter = (ADAPTERS / "numpy_adapter.py").read_text(encoding="utf-8")
    solution = (LESSONS / "solutions" / f"lesson{lesson}.py").read_text(encoding="utf-8")
    assert method(solution, "Backend", name) == method(adapter, "NumpyModel", name)
