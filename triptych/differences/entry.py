"""Entries of the catalogue: their fields, their validation, and how to select them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from triptych.backends import BACKENDS, OPTIONAL, framework_of
from triptych.differences.values import Value, grouped, is_value, shortest
from triptych.errors import TriptychError

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
FRAMEWORKS = tuple(dict.fromkeys(map(framework_of, BACKENDS)))
TITLES = {
    "numpy": "NumPy", "torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras",
    "jax": "JAX", "pytensor": "PyTensor",
}  # fmt: skip


class EntryError(TriptychError):
    """An entry is malformed, or does not exist."""


@dataclass(frozen=True)
class Snippet:
    """An entry's code for one framework."""

    text: str  # a program of its own, which defines the returned functions
    returns: tuple[str, ...]  # ("default",), ("default", "matched") or ("default", "default")

    @property
    def optional(self) -> list[str]:
        """The packages that it imports beside its framework, such as optax."""
        imported = set[str]()
        for node in ast.walk(ast.parse(self.text)):
            if isinstance(node, ast.Import):
                imported |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add((node.module or "").partition(".")[0])
        return [package for package in OPTIONAL if package in imported]


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """One difference, or one agreement that is often thought to be a difference."""

    file: Path
    title: str
    summary: str
    kind: Literal["difference", "agreement"]
    symptoms: str  # what a user sees or types: error texts, names of every framework, complaints
    matters: str
    sources: list[str]
    lessons: list[int]  # of the course, in which it can occur
    observed: dict[str, Value]  # the results of default(), by framework or by backend of Keras
    snippets: dict[str, Snippet]  # by framework, in the order of FRAMEWORKS
    remedy: str = ""
    tolerance: float = 1e-6  # of the observed values, relative to max(1, |value|)
    round_off: float = 1e-12  # allowed difference between matched() of two backends

    @property
    def name(self) -> str:
        """The file's name, unique in the catalogue."""
        return self.file.stem

    @property
    def topic(self) -> str:
        """The folder of the file."""
        return self.file.parent.name

    @property
    def backends(self) -> list[str]:
        """The backends that run one of its snippets; Keras runs on each of its backends."""
        return [backend for backend in BACKENDS if framework_of(backend) in self.snippets]

    def expected(self, backend: str) -> Value:
        """The expected result of default() on a backend."""
        return self.observed.get(backend, self.observed[framework_of(backend)])

    def values(self) -> list[tuple[str, str]]:
        """Each value once, as (backends that give it, value in few digits)."""
        groups = grouped(self.observed, self.tolerance)
        texts = shortest([value for value, _ in groups])
        return [
            (", ".join(backends), text) for (_, backends), text in zip(groups, texts, strict=True)
        ]


def faults(entry: Entry) -> Iterator[str]:
    """Yield a message for each fault of an entry."""
    if not NAME.fullmatch(entry.name) or not NAME.fullmatch(entry.topic):
        yield "entries and topics are named in snake_case"
    for name in ("title", "summary", "symptoms", "matters", "remedy"):
        text = getattr(entry, name)
        optional = name == "remedy" and entry.kind == "agreement"
        if not isinstance(text, str) or not (text or optional):
            yield f"{name} is {text!r}: expected a text"
    if entry.kind not in ("difference", "agreement"):
        yield f"kind is {entry.kind!r}: expected difference or agreement"
    if not all(isinstance(x, float) and 0 <= x < 1 for x in (entry.tolerance, entry.round_off)):
        yield "tolerance and round_off must be floats in [0, 1)"
    if not _is_list(entry.sources, str) or not entry.sources or not all(entry.sources):
        yield "sources must name at least one place to read about it"
    if not _is_list(entry.lessons, int) or min(entry.lessons, default=1) < 1:
        yield f"lessons is {entry.lessons!r}: expected a list of numbers, from 1"
    yield from _faults_of_snippets(entry)
    yield from _faults_of_values(entry)


def _faults_of_snippets(entry: Entry) -> Iterator[str]:
    if len(entry.snippets) < 2:
        yield "it needs functions for at least two frameworks"
    for framework, snippet in entry.snippets.items():
        if snippet.returns not in (("default",), ("default", "default"), ("default", "matched")):
            yield f"{framework}() must end with `return default` or `return default, matched`"
    matched = [snippet for snippet in entry.snippets.values() if len(snippet.returns) == 2]
    if entry.kind == "difference" and len(matched) < 2:
        yield "at least two frameworks must have a matched()"
    if entry.kind == "agreement" and matched:
        yield "frameworks that agree need no matched()"


def _faults_of_values(entry: Entry) -> Iterator[str]:
    observed: Any = entry.observed
    if not isinstance(observed, dict):
        yield f"observed is {observed!r}: expected a dictionary by framework"
        return
    for key, value in observed.items():
        if key not in (*entry.snippets, *entry.backends):
            yield f"observed has {key}, but there is no function of that name"
        if not is_value(value):
            yield f"observed {key} is {value!r}: expected numbers, bools, strings or raises"
    missing = [name for name in entry.snippets if name not in observed]
    if missing:
        yield f"observed lacks {', '.join(missing)}"
        return
    expected = {backend: entry.expected(backend) for backend in entry.backends}
    groups = grouped(expected, entry.tolerance)
    if (entry.kind == "difference") != (len(groups) > 1):
        yield f"its kind is {entry.kind}, but observed has {len(groups)} different values"


def _is_list(values: Any, kind: type) -> bool:
    return isinstance(values, list) and all(type(value) is kind for value in values)
