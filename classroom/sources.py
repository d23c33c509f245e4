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
from classroom.excerpt import excerpt
from classroom.program_parts import UNREADABLE, Broken, names_of, readable
from datasets.files import Unreadable, content

KINDS = (".py", ".ipynb")
LARGEST = 20 * 1024**2  # bytes; a notebook with a figure after every cell has 3 million
LONGEST = 2**18  # characters of a program; Python's parser can take 800 bytes for each
# Lines that only IPython understands: %matplotlib inline, !pip install, x = !ls, ?name
MAGIC = re.compile(r"\s*(%{1,2}[A-Za-z]|!|\?)|\s*\w+\s*=\s*(!|%[A-Za-z])|.*\w\?{1,2}\s*$")


@dataclass(frozen=True)
class Source:
    """A program; from a notebook, with the line at which each cell begins, and their name."""

    text: str
    cells: tuple[int, ...] = ()  # of code cells, in their order
    cell: str = "code cell {}"

    def where(self, line: int) -> str:
        """The line number in words, counted within its cell if it comes from a notebook."""
        starts = [start for start in self.cells if start <= line]
        if not starts:
            return f"line {line}"
        return f"line {line - starts[-1] + 1} of {self.cell.format(len(starts))}"

    def definition(self, name: str) -> ast.AST | None:
        """The last top-level function, class or assignment of this name; None if there is none."""
        return self._definitions.get(name)

    @property
    def runnable(self) -> str:
        """The program without the parts that are no Python; its lines have the same numbers."""
        return self._parts[0]

    @property
    def broken(self) -> tuple[Broken, ...]:
        """The parts that are no Python."""
        return self._parts[1]

    def defined_in(self, line: int) -> frozenset[str]:
        """The names that the top-level statements which begin in this line define."""
        names = (names_of(node) for node in self._statements if node.lineno == line)
        return frozenset().union(*names)

    def excerpt(self, line: int, columns: tuple[int, int]) -> str:
        """A line with a mark beneath some of its characters; empty if there is no such line."""
        return excerpt(self.line(line), columns)

    def line(self, number: int) -> str:
        """The text of a line; empty if there is no such line."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _parts(self) -> tuple[str, tuple[Broken, ...]]:
        return readable(self.text, self.cells)

    @cached_property
    def _statements(self) -> list[ast.stmt]:
        try:
            return ast.parse(self.runnable).body
        except UNREADABLE:
            return []

    @cached_property
    def _definitions(self) -> dict[str, ast.AST]:
        definitions: dict[str, ast.AST] = {}
        for node in self._statements:
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
    return Source(text) if suffix == ".py" else joined(cells)


def _cells(text: str) -> list[str]:
    """The text of each code cell in a notebook. Raises ValueError."""
    try:
        cells = [cell for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]
        texts = ["".join(cell["source"]) for cell in cells]  # a list of lines, or one string
        "".join(texts).encode()  # JSON allows lone surrogates, UTF-8 does not
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("not a notebook that Jupyter has written") from None
    return texts


def joined(cells: list[str], name: str = Source.cell) -> Source:
    """The texts of cells as one program; name: of a cell, with a place for its number."""
    lines: list[str] = []
    begins = []
    for cell in cells:
        begins.append(len(lines) + 1)
        lines += [*_without_magic(cell), ""]
    return Source("\n".join(lines) + "\n", tuple(begins), name)


def _without_magic(text: str) -> list[str]:
    """The lines of a cell; those that only IPython understands are empty."""
    try:
        ast.parse(text)
    except UNREADABLE:
        return ["" if MAGIC.match(line) else line for line in text.split("\n")]
    return text.split("\n")
