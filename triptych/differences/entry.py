"""What an entry of the catalogue is, when it is well-formed, and how entries are selected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from triptych.backends import BACKENDS, framework_of
from triptych.differences.values import Value, grouped, is_value, shortest
from triptych.errors import TriptychError, require
from triptych.spelling import unknown

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
FRAMEWORKS = tuple(dict.fromkeys(map(framework_of, BACKENDS)))
TITLES = {
    "numpy": "NumPy", "torch": "PyTorch", "tensorflow": "TensorFlow", "keras": "Keras",
    "jax": "JAX", "pytensor": "PyTensor",
}  # fmt: skip


class EntryError(TriptychError):
    """An entry that is not well-formed, or that does not exist."""


@dataclass(frozen=True)
class Snippet:
    """What an entry runs on one framework."""

    text: str  # a program of its own, which defines what is returned
    returns: tuple[str, ...]  # ("default",), ("default", "matched") or ("default", "default")


@dataclass(frozen=True, kw_only=True, eq=False)
class Entry:
    """One difference, or one agreement that is widely taken for a difference."""

    file: Path
    title: str
    summary: str
    kind: Literal["difference", "agreement"]
    matters: str
    sources: list[str]
    lessons: list[int]  # of the course, in which it can occur
    observed: dict[str, Value]  # what default() returns: by framework, or by backend of Keras
    snippets: dict[str, Snippet]  # by framework, in the order of FRAMEWORKS
    remedy: str = ""
    tolerance: float = 1e-6  # of what is observed, relative to max(1, |value|)
    round_off: float = 1e-12  # what matched() of two backends may differ by

    @property
    def name(self) -> str:
        """Its file's name, unique in the catalogue."""
        return self.file.stem

    @property
    def topic(self) -> str:
        """The folder that it is in."""
        return self.file.parent.name

    @property
    def backends(self) -> list[str]:
        """The backends that run one of its snippets: Keras on every backend."""
        return [backend for backend in BACKENDS if framework_of(backend) in self.snippets]

    def expected(self, backend: str) -> Value:
        """What default() has to return on a backend."""
        return self.observed.get(backend, self.observed[framework_of(backend)])

    def values(self) -> list[tuple[str, str]]:
        """Each value once, in few digits: the backends that give it, and the value."""
        groups = grouped(self.observed, self.tolerance)
        texts = shortest([value for value, _ in groups])
        return [
            (", ".join(backends), text) for (_, backends), text in zip(groups, texts, strict=True)
        ]


def faults(entry: Entry) -> Iterator[str]:
    """What is wrong with an entry."""
    if not NAME.fullmatch(entry.name) or not NAME.fullmatch(entry.topic):
        yield "entries and topics are named in snake_case"
    for name in ("title", "summary", "matters", "remedy"):
        text = getattr(entry, name)
        optional = name == "remedy" and entry.kind == "agreement"
        if not isinstance(text, str) or not (text or optional):
            yield f"{name} is {text!r}: expected a text"
    if entry.kind not in ("difference", "agreement"):
        yield f"kind is {entry.kind!r}: expected difference or agreement"
    if not all(isinstance(x, float) and 0 <= x < 1 for x in (entry.tolerance, entry.round_off)):
        yield "tolerance and round_off must be floats in [0, 1)"
    if not _is_list(entry.sources, str) or not entry.sources or not all(entry.sources):
        yield "sources must name where to read about it"
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
            yield f"observed has {key}, and there is no function of that name"
        if not is_value(value):
            yield f"observed {key} is {value!r}: expected numbers, bools, strings or raises"
    missing = [name for name in entry.snippets if name not in observed]
    if missing:
        yield f"observed lacks {', '.join(missing)}"
        return
    expected = {backend: entry.expected(backend) for backend in entry.backends}
    groups = grouped(expected, entry.tolerance)
    if (entry.kind == "difference") != (len(groups) > 1):
        yield f"it is of kind {entry.kind}, and observed are {len(groups)} different values"


def _is_list(values: Any, kind: type) -> bool:
    return isinstance(values, list) and all(type(value) is kind for value in values)


def select(
    entries: list[Entry],
    names: Sequence[str] = (),
    find: str = "",
    topic: str = "",
    backend: str = "",
) -> list[Entry]:
    """The entries that fit every condition.

    names: of entries, or parts of names or topics; find: words that occur in the text.
    Raises EntryError where a name is not known or nothing fits.
    """
    topics = sorted({entry.topic for entry in entries})
    require(topic in ("", *topics), unknown("topic", topic, topics), EntryError)
    named = [entry for name in names for entry in matching(entries, name)]
    found = [
        entry
        for entry in entries
        if (not names or entry in named)
        and topic in ("", entry.topic)
        and (not backend or backend in entry.backends)
        and _contains(entry, find)
    ]
    require(bool(found), "no entry fits all that was asked for", EntryError)
    return found


def matching(entries: list[Entry], name: str) -> list[Entry]:
    """The entry of this name, or those with it in their topic or name."""
    exact = [entry for entry in entries if name in (entry.name, f"{entry.topic}/{entry.name}")]
    found = exact or [entry for entry in entries if name in f"{entry.topic}/{entry.name}"]
    known = [name for entry in entries for name in (entry.name, entry.topic)]
    message = unknown("entry", name, known, "leave it out for a list of them all")
    require(bool(found), message, EntryError)
    return found


def _contains(entry: Entry, words: str) -> bool:
    text = " ".join([entry.name, entry.topic, entry.title, entry.summary, entry.matters, entry.remedy])
    return all(word in text.lower() for word in words.lower().split())
