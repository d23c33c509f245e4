"""Read the program in a student's .py or notebook file, and locate its lines."""

from __future__ import annotations

import ast
import json
import os
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from adapters.contract import SettingsError, require
from datasets.files import Unreadable, content

KINDS = (".py", ".ipynb")
LARGEST = 20 * 1024**2  # bytes; a notebook with a figure after every cell has 3 million
LONGEST = 2**18  # characters of a program; Python's parser can take 800 bytes for each
# Lines that only IPython understands: %matplotlib inline, !pip install, x = !ls, ?name
MAGIC = re.compile(r"\s*(%{1,2}[A-Za-z]|!|\?)|\s*\w+\s*=\s*(!|%[A-Za-z])|.*\w\?{1,2}\s*$")


@dataclass(frozen=True)
class Source:
    """A program; from a notebook, with the line at which each cell begins."""

    text: str
    cells: tuple[int, ...] = ()  # of code cells, in their order

    def where(self, line: int) -> str:
        """The line number in words, counted within its cell if it comes from a notebook."""
        starts = [start for start in self.cells if start <= line]
        if not starts:
            return f"line {line}"
        return f"line {line - starts[-1] + 1} of code cell {len(starts)}"

    def definition(self, name: str) -> ast.AST | None:
        """The last top-level function, class or assignment of this name; None if there is none."""
        return self._definitions.get(name)

    @cached_property
    def _definitions(self) -> dict[str, ast.AST]:
        definitions: dict[str, ast.AST] = {}
        try:
            body = ast.parse(self.text).body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return definitions
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                definitions[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                for target in targets:
                    for inner in ast.walk(target):
                        if isinstance(inner, ast.Name):
                            definitions[inner.id] = node
        return definitions


def source_of(file: Path) -> Source:
    """The program in a file. Raises SettingsError if it cannot be read."""
    require(
        os.path.lexists(file) and not file.is_dir(),
        f"{str(file)!r} is no file: name the one with the answers (FILE=)",
    )
    require(
        file.suffix.lower() in KINDS,
        f"{str(file)!r} is neither a .py nor an .ipynb file: name one of the two",
    )
    try:
        return program(content(file, LARGEST), file.suffix.lower())
    except Unreadable as error:
        raise SettingsError(
            f"{str(file)!r} {error.reason}: name the file with the answers (FILE=), a notebook "
            "without its outputs"
        ) from None
    except ValueError as error:
        raise SettingsError(f"{str(file)!r} is {error}") from None


def program(raw: bytes, suffix: str) -> Source:
    """The program in the bytes of a file. Raises ValueError, which names the problem."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        odd = f"byte {error.start} is {error.object[error.start]:#04x}"
        raise ValueError(f"not text in UTF-8: {odd}; save it as that") from None
    cells = [text] if suffix == ".py" else _cells(text)
    if sum(map(len, cells)) > LONGEST:
        raise ValueError(f"a program of more than {LONGEST:,} characters: a lesson needs far fewer")
    return Source(text) if suffix == ".py" else _joined(cells)


def _cells(text: str) -> list[str]:
    """The text of each code cell in a notebook. Raises ValueError."""
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        texts = ["".join(cell["source"]) for cell in cells]  # a list of lines, or one string
        "".join(texts).encode()  # JSON allows lone surrogates, UTF-8 does not
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("not a notebook that Jupyter has written") from None
    return texts


def _joined(cells: list[str]) -> Source:
    """The cells as one program."""
    lines: list[str] = []
    begins = []
    for cell in cells:
        begins.append(len(lines) + 1)
        lines += [*_without_magic(cell), ""]
    return Source("\n".join(lines) + "\n", tuple(begins))


def _without_magic(text: str) -> list[str]:
    """The lines of a cell; those that only IPython understands are empty."""
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ["" if MAGIC.match(line) else line for line in text.split("\n")]
    return text.split("\n")
