"""The adapters' own source, cut along the contract, so that the same thought is at one height.

Nothing here is written by hand: each adapter is read from its file and parsed, and every line of it
belongs to exactly one cell. A row is one name (a table, a method, a helper); its cells are what
each adapter says under that name. The order of the rows is the contract's, and between its names
the order in which the adapters have them.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from adapters import ENGINES
from compare.page.highlight import lines
from compare.page.lesson import paragraphs
from course.settings import ROOT

WHAT_TO_KNOW = "what to know"  # the docstring of the file
# What each row is about, where the contract has no sentence of its own.
THOUGHTS = {
    WHAT_TO_KNOW: "What a reader has to know before comparing numbers.",
    "DEFAULTS": "What the framework would choose if nobody told it.",
    "open_device": "Precision, device and threads, settled before the first number.",
    "ACTIVATIONS": "What each layer’s sums go through.",
    "LOSSES": "How wrong the scores are.",
    "OPTIMIZERS": "How a gradient becomes a move.",
    "class": "The network, in the framework’s own words.",
}
HEADINGS = {"class": "the class"}
TABLES = (WHAT_TO_KNOW, "DEFAULTS", "open_device", "ACTIVATIONS", "LOSSES", "OPTIMIZERS")
SECTIONS = ("What to know, and the tables", "The contract, method by method", "Helpers")


@dataclass(frozen=True)
class Chunk:
    """Some lines of a file that belong together."""

    key: str
    file: str
    first: int  # line numbers, counted from 1
    last: int


@dataclass(frozen=True)
class Source:
    """One adapter: its file, the engines it serves, and its chunks by name."""

    name: str  # keras
    engines: tuple[str, ...]
    files: tuple[Path, ...]
    chunks: dict[str, tuple[Chunk, ...]]


@dataclass(frozen=True)
class Cell:
    """What one adapter says under a name."""

    source: str
    place: str  # torch_adapter.py:142
    html: str
    is_prose: bool = False


@dataclass
class Row:
    """One thought in every adapter."""

    key: str
    heading: str
    thought: str
    cells: dict[str, Cell] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)  # source → the table that says it


def read_sources() -> list[Source]:
    """Every adapter that the table of engines names, in its order, each file once."""
    engines: dict[str, list[str]] = {}
    for name, engine in ENGINES.items():
        engines.setdefault(engine.module.rpartition(".")[2], []).append(name)
    found = []
    for module, names in engines.items():
        file = ROOT / "adapters" / f"{module}.py"
        if file.is_file():
            parts = file.with_name(file.name.replace("_adapter.py", "_parts.py"))
            files = (file, *([parts] if parts.is_file() and parts != file else []))
            found.append(read_source(names[0], names, files))
    return found


def read_source(name: str, engines: Iterable[str], files: tuple[Path, ...]) -> Source:
    """Cut an adapter, and the file of its parts if it has one, into chunks."""
    chunks: dict[str, tuple[Chunk, ...]] = {}
    for i, file in enumerate(files):
        for chunk in cut(file, helper=i > 0):
            chunks[chunk.key] = (*chunks.get(chunk.key, ()), chunk)
    return Source(name, tuple(engines), files, chunks)


def cut(file: Path, helper: bool) -> Iterator[Chunk]:
    """The chunks of a file, every line in one of them.

    helper: a file beside the adapter, whose classes stay whole. In an adapter the class is cut into
    its methods, whose names begin with a dot.
    """
    text = file.read_text(encoding="utf-8")
    tree, total = ast.parse(text), len(text.splitlines())
    starts: list[tuple[int, str]] = []
    for i, node in enumerate(tree.body):
        if i == 0 and isinstance(node, ast.Expr):
            starts.append((1, f"about {file.name}" if helper else WHAT_TO_KNOW))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            starts.append((node.lineno, f"imports of {file.name}" if helper else "imports"))
        elif isinstance(node, ast.ClassDef) and not helper:
            starts.append((_first_line(node, text), "class"))
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    starts.append((_first_line(inner, text), f".{inner.name}"))
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            starts.append((_first_line(node, text), node.name))
        else:
            starts.append((_first_line(node, text), _constant(node)))
    starts = _named(starts)
    starts[0] = (1, starts[0][1])
    ends = [line - 1 for line, _ in starts[1:]] + [total]
    for (first, key), last in zip(starts, ends, strict=True):
        yield Chunk(key, file.name, first, last)


def rows(sources: list[Source]) -> list[tuple[str, list[Row]]]:
    """The rows of the view, under their three headings."""
    contract = _contract()
    order = _merged([list(s.chunks) for s in sources], [*TABLES, "class", *contract])
    sections: dict[str, list[Row]] = {title: [] for title in SECTIONS}
    beside: list[Row] = []  # imports and the files of parts come last: they repeat or stand alone
    for i, key in enumerate(order):
        heading, thought = contract.get(key, (HEADINGS.get(key, key), THOUGHTS.get(key, "")))
        row = Row(key, heading.lstrip("."), thought)
        for source in sources:
            if key in source.chunks:
                row.cells[source.name] = _cell(source, source.chunks[key])
            elif table := _table_with(source, key):
                row.elsewhere[source.name] = table
        aside = key == "imports" or all("_parts.py" in c.place for c in row.cells.values())
        section = (i >= order.index("class")) + (i > order.index([*contract][-1]))
        (beside if aside else sections[SECTIONS[section]]).append(row)
    sections[SECTIONS[-1]] += beside
    return list(sections.items())


def _first_line(node: ast.stmt, text: str) -> int:
    """Where a statement begins, its decorators and the comment right above it included."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    above = text.splitlines()
    while first > 1 and above[first - 2].lstrip().startswith("#"):
        first -= 1
    return first


def _constant(node: ast.stmt) -> str:
    """The name a statement binds, if it is one of the tables; small constants join a neighbour."""
    target = node.target if isinstance(node, ast.AnnAssign) else None
    if isinstance(node, ast.Assign):
        target = node.targets[0]  # type: ignore[assignment]
    name = target.id if isinstance(target, ast.Name) else ""
    return name if name in TABLES else ""


def _named(starts: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A constant without a row goes with what follows it; before the class, with what it follows.

    So does a run of imports, and whatever else has the name of its neighbour.
    """
    for i in reversed(range(len(starts))):
        line, key = starts[i]
        if not key:
            following = starts[i + 1][1] if i + 1 < len(starts) else "class"
            if following == "class":
                following = next((k for _, k in reversed(starts[:i]) if k), following)
            starts[i] = (line, following)
    return [
        (line, key) for i, (line, key) in enumerate(starts) if i == 0 or starts[i - 1][1] != key
    ]


def _merged(lists: list[list[str]], backbone: list[str]) -> list[str]:
    """One order for all: the backbone's, and any other name after the one it follows."""
    order = list(backbone)
    for keys in lists:
        previous = -1
        for key in keys:
            if key not in order:
                order.insert(previous + 1, key)
            previous = order.index(key)
    return order


def _table_with(source: Source, key: str) -> str:
    """The table in which an adapter says what others say in a function of this name, if one is."""
    for table in ("ACTIVATIONS", "LOSSES", "OPTIMIZERS"):
        if f'"{key}":' in "".join(_texts(source, source.chunks.get(table, ()))):
            return table
    return ""


def _contract() -> dict[str, tuple[str, str]]:
    """The contract's methods in its order: `.loss` → its signature and first sentence."""
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


def _cell(source: Source, chunks: tuple[Chunk, ...]) -> Cell:
    place = f"{chunks[0].file}:{chunks[0].first}"
    if chunks[0].key == WHAT_TO_KNOW:
        docstring = ast.get_docstring(ast.parse(source.files[0].read_text(encoding="utf-8"))) or ""
        return Cell(source.name, place, paragraphs(docstring), is_prose=True)
    return Cell(source.name, place, "".join(lines("\n\n".join(_texts(source, chunks)))))


def _texts(source: Source, chunks: tuple[Chunk, ...]) -> Iterator[str]:
    """The lines of each chunk, methods moved to the left margin, no empty lines at the end."""
    for chunk in chunks:
        file = next(f for f in source.files if f.name == chunk.file)
        text = file.read_text(encoding="utf-8").splitlines()[chunk.first - 1 : chunk.last]
        indent = 4 if chunk.key.startswith(".") else 0
        yield "\n".join(line[indent:] for line in text).rstrip()
