"""The adapters' source in rows and columns, so that corresponding code stands side by side.

A row is one name (a table, a method, a helper); its cells are what each adapter says under that
name. The rows have the contract's order, and between its names the order of the adapters.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from inspect import getdoc

from adapters import layers
from compare.page.highlight import lines
from compare.page.lesson import marked, paragraphs
from compare.page.sources import TABLES, WHAT_TO_KNOW, Source, entry
from course.settings import ROOT

# Titles of rows for which the contract has no sentence.
TITLES = {
    WHAT_TO_KNOW: "Before comparing numbers.",
    "DEFAULTS": "The framework’s own defaults.",
    "configure_device": "Precision, device and threads, set before the first computation.",
    "ACTIVATIONS": "The activation of each layer.",
    "LAYERS": "What each layer is in this framework.",
    "LOSSES": "How wrong the scores are.",
    "OPTIMIZERS": "How a gradient changes the weights.",
    "class": "The network in this framework.",
    "MODEL": "The class that `load` returns.",
}
HEADINGS = {"class": "the class"}
SECTIONS = (
    "What to know, and the tables", "The layers", "The contract, method by method", "Helpers",
)  # fmt: skip
# In the order of every adapter's table.
LAYERS = (
    "Dense", "Conv2D", "Pool2D", "Flatten", "Reshape", "Embedding", "Positions", "LayerNorm",
    "Attention", "Residual", "Mean",
)  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """Lines of code with their place in the file."""

    place: str  # torch_adapter.py:142
    html: str
    is_prose: bool = False


@dataclass(frozen=True)
class Cell:
    """One adapter's code under a name; excerpt: only an entry of a table that comes later."""

    pieces: list[Piece]
    excerpt: bool = False


@dataclass
class Row:
    """One name in every adapter."""

    heading: str
    thought: str  # HTML
    cells: dict[str, Cell] = field(default_factory=dict)


def rows(sources: list[Source]) -> list[tuple[str, list[Row]]]:
    """The rows of the view, under their headings."""
    contract = _contract()
    order = _merged([list(s.chunks) for s in sources], [*TABLES, *LAYERS, "class", *contract])
    sections: dict[str, list[Row]] = {title: [] for title in SECTIONS}
    beside: list[Row] = []  # imports and the file of parts come last
    for i, key in enumerate(order):
        title = TITLES.get(key) or (_first_sentence(getattr(layers, key)) if key in LAYERS else "")
        heading, thought = contract.get(key, (HEADINGS.get(key, key), title))
        row = Row(heading.lstrip("."), marked(thought))
        for source in sources:
            if cell := _cell(source, key):
                row.cells[source.name] = cell
        files = {chunk.file for source in sources for chunk in source.chunks.get(key, ())}
        if key in LAYERS:
            sections[SECTIONS[1]].append(row)
        elif key in TABLES:
            sections[SECTIONS[0]].append(row)
        elif key in ("imports", "MODEL") or files.isdisjoint(source.files[0] for source in sources):
            beside.append(row)
        elif key == "class" or key in contract:
            sections[SECTIONS[2]].append(row)
        else:
            sections[SECTIONS[0 if i <= order.index("OPTIMIZERS") else 3]].append(row)
    sections[SECTIONS[-1]] += beside
    return list(sections.items())


def _first_sentence(thing: object) -> str:
    return (getdoc(thing) or "").split("\n\n")[0]


def _merged(lists: list[list[str]], backbone: list[str]) -> list[str]:
    """One order for all: the backbone's, with any other name after the one it follows."""
    order = list(backbone)
    for keys in lists:
        previous = -1
        for key in keys:
            if key not in order:
                order.insert(previous + 1, key)
            previous = order.index(key)
    return order


def _cell(source: Source, key: str) -> Cell | None:
    """An adapter's code under a name; None if it has none."""
    if key == WHAT_TO_KNOW and key in source.chunks:
        text = source.files[0].read_text(encoding="utf-8")
        html = paragraphs(ast.get_docstring(ast.parse(text)) or "")
        return Cell([Piece(source.chunks[key][0].place, html, is_prose=True)])
    if key in source.chunks:
        return Cell([Piece(c.place, "".join(lines(c.text))) for c in source.chunks[key]])
    if found := entry(source, key):
        place, text = found
        return Cell([Piece(place, "".join(lines(text)))], excerpt=True)
    return None


def _contract() -> dict[str, tuple[str, str]]:
    """The contract's methods in order: `.loss` → its signature and first sentence."""
    tree = ast.parse((ROOT / "adapters" / "contract.py").read_text(encoding="utf-8"))
    model = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Model")
    return {
        f".{node.name}": (_signature(node), (ast.get_docstring(node) or "").split("\n\n")[0])
        for node in model.body
        if isinstance(node, ast.FunctionDef)
    }


def _signature(node: ast.FunctionDef) -> str:
    names = [argument.arg for argument in node.args.args if argument.arg != "self"]
    is_property = any(isinstance(d, ast.Name) and d.id == "property" for d in node.decorator_list)
    return node.name if is_property else f"{node.name}({', '.join(names)})"
