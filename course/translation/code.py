"""The messages of a lesson's code: string literals that a reader sees, recognized by their place.

Names of runs, figure files and columns are not translated, because other code looks them up. So a
literal counts as a message if it is passed to a function that shows it, or if it is plainly prose,
with several words, in a table or sentence of the lesson. Literals in [ ], dictionary keys, literals
in comparisons and in other calls are left alone.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from course.translation import literal
from course.translation.message import Message

# The functions that show their arguments, with the positions of those; None: all of them.
SHOWS: dict[str, tuple[int, ...] | None] = {
    "print": None, "lesson.say": None, "lesson.table": None,
    "text": (2,), "annotate": (0,), "legend": (0, 1),
    "suptitle": (0,), "supxlabel": (0,), "supylabel": (0,),
    "set_title": (0,), "set_xlabel": (0,), "set_ylabel": (0,),
    "set_xticks": (1,), "set_yticks": (1,),
    "magic_box": (1, 2, 3, 4), "neuron": (1, 3), "network": (2,), "bars": (2, 3), "tangent": (4,),
    "_box": (5,), "_grid": (3,),
    "who_looks": (3,), "shares_in_numbers": (3,), "looks_from": (3,),
}  # fmt: skip
SHOWS_KEYS_OF = {"paired_bars": 2}  # the keys of this argument make a legend
SHOWN_BY_NAME = {"alt", "title", "xlabel", "ylabel", "label"}
# Calls whose result contains their arguments, or the object whose method they are.
HOLDS_ARGUMENTS = {"append", "dict", "enumerate", "extend", "join", "list", "tuple", "zip"}
HOLDS_ITSELF = {"format", "items", "join", "replace"}

Literal = ast.Constant | ast.JoinedStr


def code(source: str) -> list[Message]:
    """The messages of all code cells, in order."""
    tree = ast.parse(source)
    nodes = list(_nodes(tree))
    literals = {_place(node): node for value in _shown(nodes) for node in _literals(value)}
    for value in _tables(nodes):
        for node in _literals(value):
            if " " in _words(_read(source, node)[0]).strip():
                literals.setdefault(_place(node), node)
    templates = {_place(node) for node in _templates(nodes)}
    messages = (_message(source, literals[at], at in templates) for at in sorted(literals))
    return [message for message in messages if any(map(str.isalpha, _words(message.text)))]


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """All nodes except those within an f-string, whose {expressions} stay as they are."""
    yield node
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _nodes(child)


def _shown(nodes: list[ast.AST]) -> Iterator[ast.expr]:
    """The values that are passed to a function that shows them, directly or by a variable."""
    values = [value for node in nodes if isinstance(node, ast.Call) for value in _arguments(node)]
    yield from values
    shown = Counter(value.id for value in values if isinstance(value, ast.Name))
    used = Counter(
        node.id for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
    )  # fmt: skip
    for node in nodes:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                if shown[name] and shown[name] == used[name]:  # shown, and not used otherwise
                    yield value


def _arguments(call: ast.Call) -> Iterator[ast.expr]:
    """The arguments of a call that a reader sees."""
    *_, owner, name = ["", *ast.unparse(call.func).split(".")]
    for known in (name, f"{owner}.{name}"):
        if known in SHOWS:
            places = SHOWS[known]
            yield from (v for i, v in enumerate(call.args) if places is None or i in places)
    for value in call.args[SHOWS_KEYS_OF.get(name, len(call.args)) :][:1]:
        yield from (key for key in getattr(value, "keys", []) if key is not None)
    yield from (word.value for word in call.keywords if word.arg in SHOWN_BY_NAME)


def _tables(nodes: list[ast.AST]) -> Iterator[ast.expr]:
    """The values that a lesson assigns, passes to a call, iterates over or returns."""
    for node in nodes:
        match node:
            case (
                ast.Assign(value=value)
                | ast.AugAssign(value=value)
                | ast.Expr(value=ast.Call() as value)
            ):
                yield value
            case ast.Return(value=ast.expr() as value) | ast.For(iter=value):
                yield value


def _literals(node: ast.expr) -> Iterator[Literal]:
    """The literals within a value."""
    match node:
        case ast.Constant(value=str()) | ast.JoinedStr():
            yield node
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.BoolOp(values=parts):
            yield from _of_all(parts)
        case ast.Dict(values=parts):
            yield from _of_all(parts)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            yield from _of_all([left, right])
        case ast.IfExp(body=body, orelse=orelse):
            yield from _of_all([body, orelse])
        case ast.Starred(value=part) | ast.ListComp(elt=part) | ast.GeneratorExp(elt=part):
            yield from _literals(part)
        case ast.Call(func=ast.Attribute(value=itself, attr=name), args=parts):
            yield from _literals(itself) if name in HOLDS_ITSELF else ()
            yield from _of_all(parts) if name in HOLDS_ARGUMENTS else ()
        case ast.Call(func=ast.Name(id=name), args=parts) if name in HOLDS_ARGUMENTS:
            yield from _of_all(parts)


def _of_all(parts: Iterable[ast.expr]) -> Iterator[Literal]:
    for part in parts:
        yield from _literals(part)


def _place(node: ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _templates(nodes: list[ast.AST]) -> Iterator[ast.Constant]:
    """The literals whose `format` is called."""
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Constant() as text, attr="format"):
                yield text


def _words(text: str) -> str:
    """A text without its {expressions}."""
    try:
        return " ".join(literal.split(text)[::2])
    except ValueError:  # a single brace, which begins no expression
        return text


def _span(source: str, node: ast.expr) -> tuple[int, int]:
    """A node's first and last character in the source; ast counts columns in bytes."""
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    lines = source.split("\n")
    ends = ((node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset))
    start, end = (
        sum(len(line) + 1 for line in lines[: line - 1])
        + len(lines[line - 1].encode()[:column].decode())
        for line, column in ends
    )
    return start, end


def _read(source: str, node: ast.expr) -> tuple[str, bool, str]:
    start, end = _span(source, node)
    return literal.read(source[start:end])


def _message(source: str, node: ast.expr, template: bool) -> Message:
    start, end = _span(source, node)
    text, mixed, _ = literal.read(source[start:end])
    keeps = literal.expressions if mixed or template else _nothing
    return Message(text, start, end, "code", keeps, partial(literal.write, source[start:end]))


def _nothing(text: str) -> list[str]:
    return []
