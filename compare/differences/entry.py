"""The entries: a folder TOPIC/NAME each, read and checked; no framework is imported."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterable
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from adapters import ENGINES
from adapters.contract import TriptychError, require
from compare.differences.values import Value, grouped, is_value, shown
from course.settings import CHAPTERS
from spelling import unknown

HOME = Path(__file__).parent
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
FRAMEWORKS = ("numpy", "torch", "tensorflow", "keras", "jax", "pytensor")


class EntryError(TriptychError):
    """An entry that is not well-formed, or that is not there."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One difference, or one agreement that folklore takes for a difference."""

    folder: Path
    title: str
    kind: Literal["difference", "agreement"]
    says: str
    matters: str
    observed: dict[str, Value]  # what default() returns: by framework, or by engine of Keras
    sources: list[str]
    lessons: list[int]  # in which it can occur
    remedy: str = ""
    tolerance: float = 1e-6  # of what is observed, relative to max(1, |value|)
    round_off: float = 1e-12  # what matched() of two engines may differ by

    @property
    def name(self) -> str:
        """Its folder's name, unique in the catalogue."""
        return self.folder.name

    @property
    def topic(self) -> str:
        """The folder that it is in."""
        return self.folder.parent.name

    @cached_property
    def snippets(self) -> dict[str, Path]:
        """The file of each framework that the entry speaks of, in the order of FRAMEWORKS."""
        files = {framework: self.folder / f"{framework}.py" for framework in FRAMEWORKS}
        return {framework: file for framework, file in files.items() if file.is_file()}

    @property
    def engines(self) -> list[str]:
        """The engines that run one of its snippets: Keras on every backend."""
        return [engine for engine in ENGINES if framework_of(engine) in self.snippets]

    def expected(self, engine: str) -> Value:
        """What default() is to return on an engine."""
        return self.observed.get(engine, self.observed[framework_of(engine)])

    def values(self) -> list[tuple[str, str]]:
        """Who gives what, in few digits: each value once, with the engines that give it."""
        groups = grouped(self.observed, self.tolerance)
        words = shown([value for value, _ in groups])
        return [(", ".join(who), word) for (_, who), word in zip(groups, words, strict=True)]

    def functions(self, framework: str) -> set[str]:
        """What the snippet of a framework defines; the file is read, not run."""
        tree = ast.parse(self.snippets[framework].read_text(encoding="utf-8"))
        return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def framework_of(engine: str) -> str:
    """The framework whose snippet an engine runs: keras for keras-torch."""
    return engine.partition("-")[0]


def read_all(home: Path = HOME) -> list[Entry]:
    """Every entry, by topic and name. EntryError names the entry that is not well-formed."""
    entries = [read(file.parent) for file in sorted(home.glob("*/*/entry.toml"))]
    seen: dict[str, Entry] = {}
    for entry in entries:
        other = seen.setdefault(entry.name, entry)
        require(
            other is entry, f"{entry.name} is both in {other.topic} and {entry.topic}", EntryError
        )
    return entries


def read(folder: Path) -> Entry:
    """One entry. EntryError says what is wrong with it."""
    try:
        given = tomllib.loads((folder / "entry.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise EntryError(f"{folder.name}: entry.toml cannot be read: {error}") from None
    known = {field.name: field.default is MISSING for field in fields(Entry)} | {"folder": False}
    lacking = [name for name, needed in known.items() if needed and name not in given]
    strange = sorted(given.keys() - known.keys() | given.keys() & {"folder"})
    require(not lacking, f"{folder.name}: entry.toml lacks {', '.join(lacking)}", EntryError)
    require(not strange, f"{folder.name}: entry.toml has {', '.join(strange)}", EntryError)
    given |= {key: " ".join(text.split()) for key, text in given.items() if isinstance(text, str)}
    entry = Entry(folder=folder, **given)
    for fault in faults(entry):
        raise EntryError(f"{entry.topic}/{entry.name}: {fault}")
    return entry


def faults(entry: Entry) -> Iterable[str]:
    """What is wrong with an entry as it stands in its folder."""
    observed = entry.observed
    if not NAME.fullmatch(entry.name) or not NAME.fullmatch(entry.topic):
        yield "folders are named in snake_case"
    for name in ("title", "says", "matters", "remedy"):
        text = getattr(entry, name)
        if not isinstance(text, str) or not (text or (name == "remedy" and not _differs(entry))):
            yield f"{name} is {text!r}: it must say something"
    if entry.kind not in ("difference", "agreement"):
        yield f"kind is {entry.kind!r}: expected difference or agreement"
    if not all(isinstance(x, float) and 0 <= x < 1 for x in (entry.tolerance, entry.round_off)):
        yield "tolerance and round_off must be floats in [0, 1)"
    if not _all(entry.sources, str) or not entry.sources or not all(entry.sources):
        yield "sources must name where to read about it"
    if not _all(entry.lessons, int) or not set(entry.lessons) <= CHAPTERS.keys():
        yield f"lessons is {entry.lessons!r}: expected some of {', '.join(map(str, CHAPTERS))}"
    yield from _faults_of_snippets(entry)
    engines = entry.engines
    for key, value in observed.items():
        if key not in (*entry.snippets, *engines):
            yield f"observed has {key}, and there is no snippet of that name"
        if not is_value(value):
            yield f"observed {key} is {value!r}: expected numbers, bools, strings or raises"
    lacking = [name for name in entry.snippets if name not in observed]
    if lacking:
        yield f"observed lacks {', '.join(lacking)}"
        return
    groups = grouped({engine: entry.expected(engine) for engine in engines}, entry.tolerance)
    if _differs(entry) != (len(groups) > 1):
        yield f"it is of kind {entry.kind}, and observed are {len(groups)} different values"


def _faults_of_snippets(entry: Entry) -> Iterable[str]:
    files = {p.name for p in entry.folder.iterdir() if p.is_file()}
    strange = files - {f"{name}.py" for name in FRAMEWORKS} - {"entry.toml"}
    if strange:
        yield f"{', '.join(sorted(strange))} is no snippet: expected {', '.join(FRAMEWORKS)}"
    if len(entry.snippets) < 2:
        yield "it needs snippets of at least two frameworks"
    for framework in entry.snippets:
        if "default" not in entry.functions(framework):
            yield f"{framework}.py has no default()"
    matched = [f for f in entry.snippets if "matched" in entry.functions(f)]
    if _differs(entry) and len(matched) < 2:
        yield "at least two snippets must have a matched()"
    if not _differs(entry) and matched:
        yield "engines that agree need no matched()"


def _differs(entry: Entry) -> bool:
    return entry.kind == "difference"


def _all(values: Any, kind: type) -> bool:
    return isinstance(values, list) and all(type(value) is kind for value in values)


def chosen(
    entries: list[Entry], name: str = "", find: str = "", topic: str = "", backend: str = ""
) -> list[Entry]:
    """The entries asked for. EntryError where a name means nothing, or nothing fits."""
    topics = sorted({entry.topic for entry in entries})
    if topic and topic not in topics:
        raise EntryError(unknown("topic", topic, topics))
    names = [entry.name for entry in entries]
    if name and name not in names:
        raise EntryError(unknown("entry", name, names, "`make differences` lists them all"))
    found = [
        entry
        for entry in entries
        if name in ("", entry.name)
        and topic in ("", entry.topic)
        and (not backend or backend in entry.engines)
        and _speaks_of(entry, find)
    ]
    require(bool(found), "no entry fits all that was asked for", EntryError)
    return found


def _speaks_of(entry: Entry, words: str) -> bool:
    text = " ".join([entry.name, entry.topic, entry.title, entry.says, entry.matters, entry.remedy])
    return all(word in text.lower() for word in words.lower().split())
