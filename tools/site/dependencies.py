"""Which files of the checkout can change what a module computes: those that it can import.

The imports are read from the source, also those inside functions, and also the names of modules in
quotes, because `python -m course.figure_writer` is an import too. So a change of one lesson, of one
adapter or of a page's style is no reason to run everything else again.
"""

from __future__ import annotations

import ast
import platform
from collections.abc import Iterable
from functools import cache
from importlib.metadata import distributions
from pathlib import Path

from course import digests

DATA = "datasets/*.npz"
# Its table names every adapter, of which a run imports one: that one is added by name.
CHOICES = "adapters/__init__.py"


def imported(modules: Iterable[str]) -> set[Path]:
    """The files of these modules and of all that they can import, below the checkout."""
    found: set[Path] = set()
    waiting = [*modules]
    while waiting:
        name = waiting.pop()
        file = _file(name)
        if file is None or file in found:
            continue
        found.add(file)
        waiting += _packages(name)
        waiting += _named_in(file, file.stat().st_mtime_ns)
    return found


def digest(modules: Iterable[str], patterns: Iterable[str] = ()) -> str:
    """The digest of what modules can import, of all data, and of other files.

    Also of the versions of Python and of every installed package. patterns: such as
    `compare/page/*`.
    """
    names = [file.relative_to(digests.ROOT).as_posix() for file in imported(modules)]
    files = digests.digests_of_files(*names, DATA, *patterns)
    return digests.digest_of([files, packages(), platform.python_version(), platform.machine()])


@cache
def packages() -> list[str]:
    """The installed packages with their versions."""
    return sorted({f"{d.name}=={d.version}" for d in distributions()})


def _file(module: str) -> Path | None:
    """The file of a module of the checkout; None for others."""
    path = digests.ROOT.joinpath(*module.split("."))
    for file in (path.with_name(f"{path.name}.py"), path / "__init__.py"):
        if file.is_file():
            return file
    return None


def _packages(module: str) -> list[str]:
    """The packages around a module: importing it runs theirs."""
    parts = module.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


@cache
def _named_in(file: Path, changed: int) -> list[str]:
    """Every name in a file that may be a module. changed: its time, for the cache."""
    names: list[str] = []
    choices = file == digests.ROOT / CHOICES
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and not choices:
            words = node.value.split(".")
            if len(words) > 1 and all(word.isidentifier() for word in words):
                names.append(node.value)
    return [name for name in names if _file(name) or _file(name.rpartition(".")[0])]
