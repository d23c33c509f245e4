"""The messages of a lesson's code: string literals that a reader sees, told by where they stand.

Names are not touched: what a run, a figure's file or a column is called is looked up elsewhere. So
a literal counts where it is handed to something that shows it, or where it is plainly a piece of
prose, several words, in a table or a sentence of the lesson's own. Whatever stands in [ ], before a
colon of a dictionary, in a comparison or in any other call stays as it is.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from course.translation import literal
from course.translation.message import Message

# What shows its arguments, and which of those without a name; None: all of them.
SHOWS: dict[str, tuple[int, ...] | None] = {
    "print": None, "lesson.say": None, "lesson.table": None,
    "text": (2,), "annotate": (0,), "legend": (0, 1),
    "suptitle": (0,), "supxlabel": (0,), "supylabel": (0,),
    "set_title": (0,), "set_xlabel": (0,), "set_ylabel": (0,),
    "set_xticks": (1,), "set_yticks": (1,),
    "magic_box": (1, 2, 3, 4), "neuron": (1, 3), "network": (2,), "bars": (2, 3), "tangent": (4,),
    "_box": (5,),
}  # fmt: skip
SHOWS_KEYS_OF = {"paired_bars": 2}  # a dictionary, of which a legend is made
SHOWN_BY_NAME = {"alt", "title", "xlabel", "ylabel", "label"}
# Calls whose result holds what they are given, or what they are a method of.
HOLDS_ARGUMENTS = {"append", "dict", "enumerate", "extend", "join", "list", "tuple", "zip"}
HOLDS_ITSELF = {"format", "items", "join", "replace"}

Literal = ast.Constant | ast.JoinedStr


def code(source: str) -> list[Message]:
    """The messages of all code cells, in order."""
    tree = ast.parse(source)
    nodes = list(_nodes(tree))
    chosen = {_place(found): found for value in _shown(nodes) for found in _literals(value)}
    for value in _tables(nodes):
        for found in _literals(value):
            if " " in _words(_read(source, found)[0]).strip():
                chosen.setdefault(_place(found), found)
    templates = {_place(node) for node in _templates(nodes)}
    messages = (_message(source, chosen[at], at in templates) for at in sorted(chosen))
    return [message for message in messages if any(map(str.isalpha, _words(message.text)))]


def _nodes(node: ast.AST) -> Iterator[ast.AST]:
    """Everything but what stands within an f-string, whose {expressions} are kept as they are."""
    yield node
    if not isinstance(node, ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _nodes(child)


def _shown(nodes: list[ast.AST]) -> Iterator[ast.expr]:
    """The values that are handed to something that shows them, under whatever name."""
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
                if shown[name] and shown[name] == used[name]:  # shown, and used for nothing else
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
    """The values that a lesson writes down, goes through or gives back."""
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
    """The literals that a value consists of."""
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
    """The literals that are given to str.format."""
    for node in nodes:
        match node:
            case ast.Attribute(value=ast.Constant() as text, attr="format"):
                yield text


def _words(text: str) -> str:
    """A text without its {expressions}."""
    try:
        return " ".join(literal.split(text)[::2])
    except ValueError:  # a brace that is only a brace
        return text


def _span(source: str, node: ast.expr) -> tuple[int, int]:
    """The characters of the source that a node covers; ast counts bytes."""
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
