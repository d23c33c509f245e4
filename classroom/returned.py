"""Say what is wrong with the form of a function's result: nothing came back, or another shape."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from classroom.error_hints import NO_RETURN
from classroom.shapes import wrong_shape
from classroom.sources import Source


@dataclass(frozen=True)
class Call:
    """A call of a student's function, or of a method of the class `owner`, and its result."""

    name: str
    arguments: tuple[Any, ...]
    value: Any
    owner: str = ""

    def has_no_return(self, source: Source) -> bool:
        """Whether nothing came back from a function because it returns nothing at all."""
        function = self._function(source) if self.value is None else None
        return function is not None and not _returns_a_value(function)

    def problem(self, source: Source) -> str:
        """A sentence for the student; empty if the form is right, or not known."""
        function = self._function(source)
        if function is None:
            return ""
        if self.value is None:
            if self.has_no_return(source):
                return f"`{self.name}` returns nothing: {NO_RETURN}."
            return f"`{self.name}` returns nothing here: does each way through it end in `return`?"
        names = [argument.arg for argument in function.args.args][bool(self.owner) :]
        given = dict(zip(names, self.arguments, strict=False))
        return wrong_shape(self.name, source.line(function.lineno), given, self.value)

    def _function(self, source: Source) -> ast.FunctionDef | None:
        node = source.definition(self.owner or self.name)
        if self.owner and isinstance(node, ast.ClassDef):
            methods = (each for each in node.body if isinstance(each, ast.FunctionDef))
            return next((method for method in methods if method.name == self.name), None)
        return node if isinstance(node, ast.FunctionDef) else None


def _returns_a_value(function: ast.FunctionDef) -> bool:
    return any(
        (isinstance(node, ast.Return) and node.value is not None)
        or isinstance(node, ast.Yield | ast.YieldFrom)
        for node in _own_nodes(function)
    )


def _own_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """What is in a function, and not in a function within it."""
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield child
            yield from _own_nodes(child)
