"""The mutants: which of Cosmic Ray's operators are used, and why.

Left out, because their mutants die or live whatever the tests are and would only move the score:
replacements that raise a TypeError on floats (`<<`, `^`, `~`, …), a unary plus, and the operators
on variables, which draw at random. Of what is left each binary operator has two replacements, and
each comparison its negation and its neighbour at the boundary.

A mutant whose text does not compile, or whose code is the same once annotations, docstrings, what
stands in f-strings, the `strict` of a `zip` and which negative side a `reshape` has are set aside,
is none: nothing would run otherwise, or say so in other words, or lack an assertion that never
failed. Two with the same code are one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cosmic_ray.ast import Visitor, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator

ROOT = Path(__file__).resolve().parents[2]

BINARY = {
    "Add": ("Sub", "Mul"), "Sub": ("Add", "Mul"), "Mul": ("Div", "Add"), "Div": ("Mul", "Sub"),
    "FloorDiv": ("Div", "Mul"), "Mod": ("FloorDiv", "Mul"), "Pow": ("Mul", "Add"),
    "BitOr": ("BitAnd",), "BitAnd": ("BitOr",),
}  # fmt: skip
COMPARISON = {
    "Eq": ("NotEq",), "NotEq": ("Eq",), "Is": ("IsNot",), "IsNot": ("Is",),
    "Lt": ("LtE", "GtE"), "LtE": ("Lt", "Gt"), "Gt": ("GtE", "LtE"), "GtE": ("Gt", "Lt"),
}  # fmt: skip
OPERATORS = [
    *(f"ReplaceBinaryOperator_{a}_{b}" for a, to in BINARY.items() for b in to),
    *(f"ReplaceComparisonOperator_{a}_{b}" for a, to in COMPARISON.items() for b in to),
    *(f"ReplaceUnaryOperator_Delete_{name}" for name in ("USub", "Not", "Invert")),
    "AddNot", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue", "ReplaceAndWithOr",
    "ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak",
    "ExceptionReplacer", "NumberReplacer", "RemoveDecorator", "ZeroIterationForLoop",
]  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change of one file."""

    file: str  # from the root, as in adapters/validation.py
    operator: str
    line: int  # the first that it changes, from 1
    text: str  # that line as it is, without its indentation
    changed: str  # and as the mutant has it
    source: str  # the whole changed text

    @property
    def name(self) -> str:
        """A short name for messages."""
        return f"{self.file}:{self.line} {self.operator}"

    @property
    def key(self) -> tuple[str, str, str, str]:
        """The key of an explanation, which survives edits elsewhere in the file."""
        return self.file, self.operator, self.text, self.changed


@dataclass(frozen=True)
class Outcome:
    """A mutant, whether it lives, and what killed it."""

    mutant: Mutant
    status: str  # killed, timed out, survived
    by: str  # the test or law that failed; empty where it lives

    @property
    def lives(self) -> bool:
        return self.status == "survived"


def mutants(file: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines."""
    source = (ROOT / file).read_text(encoding="utf-8")
    known, results = {None, _meaning(source)}, []
    for name, text in _changed(source):
        meaning = _meaning(text)
        if meaning not in known:
            known.add(meaning)
            results.append(Mutant(file, name, *_change(source, text), text))
    return sorted(results, key=lambda m: (m.line, m.operator, m.changed))


def left_out(file: str) -> int:
    """How many changes of a file are not mutants, since they behave the same or cannot run."""
    source = (ROOT / file).read_text(encoding="utf-8")
    none = (None, _meaning(source))
    return sum(_meaning(text) in none for _, text in _changed(source))


def _changed(source: str) -> Iterator[tuple[str, str]]:
    """Everything that the operators make of a source: the operator, and the text."""
    for name, places in _places(source).items():
        for occurrence in range(places):
            with suppress(AttributeError):  # the tool cannot change `except a.B`
                yield name, mutate_code(source, get_operator(f"core/{name}")(), occurrence)


def _places(source: str) -> dict[str, int]:
    """How many places of a source each operator can change."""
    operators = {name: get_operator(f"core/{name}")() for name in OPERATORS}
    counts = dict.fromkeys(OPERATORS, 0)

    class Counter(Visitor):
        def visit(self, node: Any) -> Any:
            for name, operator in operators.items():
                counts[name] += sum(1 for _ in operator.mutation_positions(node))
            return node

    Counter().walk(get_ast(source))
    return counts


def _meaning(source: str) -> str | None:
    """What a text does, without what never runs; None where it is no Python."""
    try:
        tree = ast.parse(source)
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.AnnAssign):
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            node.value = ast.Constant(None)
        elif isinstance(node, ast.JoinedStr):
            node.values = []
        elif isinstance(node, ast.Call):
            node.keywords = [k for k in node.keywords if k.arg != "strict"]
            if isinstance(node.func, ast.Attribute) and node.func.attr == "reshape":
                node.args = [_side(side) for side in node.args]
    return ast.dump(tree)


def _side(side: ast.expr) -> ast.expr:
    """A side of a new shape; NumPy works out any negative one, as it does −1."""
    match side:
        case ast.UnaryOp(ast.USub(), ast.Constant(int(number))) if number:
            return ast.UnaryOp(ast.USub(), ast.Constant(1))
    return side


def _change(source: str, text: str) -> tuple[int, str, str]:
    """The first line that differs: its number, and its text before and after.

    Of a decorator that is gone also the line that it stood above, as it may stand above several.
    """
    old, new = source.split("\n"), text.split("\n")
    pairs = zip(old, [*new, *[""] * len(old)], strict=False)
    number = next(i for i, (a, b) in enumerate(pairs) if a != b and a.strip())
    if old[number].lstrip().startswith("@") and not new[number].lstrip().startswith("@"):
        below = next(a for a in old[number:] if not a.lstrip().startswith("@"))
        return number + 1, f"{old[number].strip()} {below.strip()}", below.strip()
    return number + 1, old[number].strip(), new[number].strip()
