"""Split an adapter's source into chunks: a chunk is a name and its lines.

The file is parsed, and every line of it is in exactly one chunk. Frameworks divide their work
differently, so a helper belongs to the code it helps: `_step`, a function `step`, and anything that
only `step` calls are part of the chunk `step`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from adapters import BACKENDS
from course.settings import ROOT

WHAT_TO_KNOW = "what to know"  # the docstring of an adapter
DICTIONARIES = ("ACTIVATIONS", "LAYERS", "LOSSES", "OPTIMIZERS")
BESIDE = ("_layers.py", "_parts.py", "_windows.py")  # what an adapter may be divided into
TABLES = (WHAT_TO_KNOW, "DEFAULTS", "configure_device", *DICTIONARIES)


@dataclass(frozen=True)
class Chunk:
    """Consecutive lines of a file under one name."""

    key: str
    file: Path
    first: int  # line numbers, counted from 1
    last: int

    @property
    def place(self) -> str:
        """Where it starts, such as torch_adapter.py:142."""
        return f"{self.file.name}:{self.first}"

    @property
    def text(self) -> str:
        """Its lines, methods dedented, without empty lines at the end."""
        lines = self.file.read_text(encoding="utf-8").splitlines()[self.first - 1 : self.last]
        indent = 4 if self.key.startswith(".") else 0
        return "\n".join(line[indent:] for line in lines).rstrip()


@dataclass(frozen=True)
class Source:
    """One adapter: the backends it serves, and its chunks by name."""

    name: str  # keras
    backends: tuple[str, ...]
    files: tuple[Path, ...]
    chunks: dict[str, tuple[Chunk, ...]]


def read_sources() -> list[Source]:
    """Every adapter in the table of backends, in its order, each file once."""
    backends: dict[str, list[str]] = {}
    for name, backend in BACKENDS.items():
        backends.setdefault(backend.module.rpartition(".")[2], []).append(name)
    sources = []
    for module, names in backends.items():
        file = ROOT / "adapters" / f"{module}.py"
        if file.is_file():
            beside = [file.with_name(file.name.replace("_adapter.py", end)) for end in BESIDE]
            parts = [part for part in beside if part.is_file() and part != file]
            sources.append(read_source(names[0], names, (file, *parts)))
    return sources


def read_source(name: str, backends: Iterable[str], files: tuple[Path, ...]) -> Source:
    """Split an adapter, with the files of its layers and parts, and place the helpers."""
    own = list(cut(files[0]))
    every = own + [chunk for file in files[1:] for chunk in cut(file, helper=True)]
    homes = _homes(own, every)
    chunks: dict[str, list[Chunk]] = {}
    for chunk in every:
        key, seen = chunk.key, {chunk.key}
        while (key := homes.get(key, key)) not in seen:
            seen.add(key)
        chunks.setdefault(key, []).append(chunk)
    chosen = {
        key: tuple(sorted(found, key=lambda chunk: chunk.key != key))
        for key, found in chunks.items()
    }
    return Source(name, tuple(backends), files, chosen)


def _homes(own: list[Chunk], every: list[Chunk]) -> dict[str, str]:
    """For each helper the row in which it appears.

    That is the row of the layer that it makes or computes, or of the method with its name, or of
    the only chunk that uses it, or a row of its own under the name without underscores, which
    helpers of other adapters share.
    """
    keys = [chunk.key for chunk in own]
    after_tables = keys[keys.index("OPTIMIZERS") + 1 :] if "OPTIMIZERS" in keys else []
    settled = {"class", "MODEL", "imports", *TABLES, *filter(_is_method, keys)}
    parts = [chunk.key for chunk in every if chunk not in own]
    homes = _of_layers(every)
    settled |= homes.keys()
    for key in (key for key in after_tables + parts if key not in settled and " " not in key):
        bare = key.strip("._")
        called = rf"\bself\.{key[1:]}\b" if key.startswith(".") else rf"(?<![.\w]){key}\b"
        users = {
            c.key for c in every if c.key not in (key, "imports") and re.search(called, c.text)
        }
        if f".{bare}" in keys:
            homes[key] = f".{bare}"
        elif len(users) == 1:
            homes[key] = users.pop()
        else:
            homes[key] = bare
    return homes


def _of_layers(every: list[Chunk]) -> dict[str, str]:
    """For each chunk that the table of layers names, the layer."""
    keys = {chunk.key for chunk in every}
    homes: dict[str, str] = {}
    for chunk in (chunk for chunk in every if chunk.key == "LAYERS"):
        for node in ast.walk(ast.parse(chunk.text)):
            for layer, value in zip(*_items(node), strict=True):
                names = [n.id for n in ast.walk(value) if isinstance(n, ast.Name) and n.id in keys]
                for name in names if isinstance(layer, ast.Name) else ():
                    homes.setdefault(name, layer.id)  # type: ignore[union-attr]
    return homes


def _items(node: ast.AST) -> tuple[list[ast.expr | None], list[ast.expr]]:
    return (node.keys, node.values) if isinstance(node, ast.Dict) else ([], [])


def _is_method(key: str) -> bool:
    """Whether this is a public method."""
    return key.startswith(".") and (not key.startswith("._") or key.startswith(".__"))


def cut(file: Path, helper: bool = False) -> Iterator[Chunk]:
    """Yield the chunks of a file, in order.

    helper: a file beside an adapter, whose classes stay whole. An adapter's class is split into its
    methods, whose names start with a dot.
    """
    text = file.read_text(encoding="utf-8")
    above, tree = text.splitlines(), ast.parse(text)
    starts: list[tuple[int, str]] = []
    for i, node in enumerate(tree.body):
        if i == 0 and isinstance(node, ast.Expr):
            starts.append((1, f"about {file.name}" if helper else WHAT_TO_KNOW))
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            starts.append((node.lineno, f"imports of {file.name}" if helper else "imports"))
        elif isinstance(node, ast.ClassDef) and not helper and _is_model(node):
            starts.append((_first_line(node, above), "class"))
            methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
            starts += [(_first_line(method, above), f".{method.name}") for method in methods]
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            starts.append((_first_line(node, above), node.name))
        else:
            starts.append((_first_line(node, above), _bound(node)))
    starts = _named(starts)
    starts[0] = (1, starts[0][1])
    ends = [line - 1 for line, _ in starts[1:]] + [len(above)]
    for (first, key), last in zip(starts, ends, strict=True):
        yield Chunk(key, file, first, last)


def entry(source: Source, key: str) -> tuple[str, str] | None:
    """Where a dictionary of an adapter has this key, and its entry; None if none has it."""
    for name in DICTIONARIES:
        for chunk in source.chunks.get(name, ()):
            for node in ast.walk(ast.parse(chunk.text)):
                for at, value in zip(*_items(node), strict=True):
                    quoted = isinstance(at, ast.Constant) and at.value == key
                    if at is not None and (quoted or (isinstance(at, ast.Name) and at.id == key)):
                        place = f"{chunk.file.name}:{chunk.first + at.lineno - 1}, in {name}"
                        text = ast.get_source_segment(chunk.text, value) or ""
                        shown = f'"{key}"' if quoted else key
                        return place, f"{shown}: " + text.replace("\n" + " " * 4, "\n")
    return None


def _first_line(node: ast.stmt, above: list[str]) -> int:
    """Where a statement starts, including its decorators and the comment right above it."""
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(d.lineno for d in decorators)])
    while first > 1 and above[first - 2].lstrip().startswith("#"):
        first -= 1
    return first


def _is_model(node: ast.ClassDef) -> bool:
    return any(isinstance(base, ast.Name) and base.id == "Model" for base in node.bases)


def _bound(node: ast.stmt) -> str:
    """The name that a statement binds, if it binds a table or a generated function."""
    targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
    name = next((target.id for target in targets if isinstance(target, ast.Name)), "")
    is_function = name.islower() and isinstance(getattr(node, "value", None), ast.Call)
    return name if is_function or name in (*TABLES, "MODEL") else ""


def _named(starts: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """Add each small constant to the next chunk; right before the class, to the previous one.

    Neighbours with the same name, such as lines of imports, become one.
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
