"""What was observed against what the entries say: findings in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compare.differences.entry import Entry
from compare.differences.values import grouped, same, show, told

Observed = Mapping[str, Mapping[str, Mapping[str, Any]]]  # engine → entry → default, matched


@dataclass(frozen=True)
class Finding:
    """Something that is not as an entry says."""

    entry: str
    engine: str  # or empty, where it concerns several
    words: str

    def __str__(self) -> str:
        return f"{self.entry}{f' on {self.engine}' if self.engine else ''}: {self.words}"


def judge(entries: Sequence[Entry], observed: Observed) -> list[Finding]:
    """Every finding of the engines that were run, entry by entry."""
    findings: list[Finding] = []
    for entry in entries:
        runs = {
            e: observed[e][entry.name] for e in entry.engines if entry.name in observed.get(e, {})
        }
        findings += of_defaults(entry, runs)
        findings += of_matched(entry, runs)
    return findings


def of_defaults(entry: Entry, runs: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Every engine gives what is written, and those that are said to agree do."""
    for engine, run in runs.items():
        if "broken" in run:
            yield Finding(entry.name, engine, f"its snippet cannot be loaded: {run['broken']}")
        elif not same(entry.expected(engine), run["default"], entry.tolerance):
            words = f"expected {show(entry.expected(engine))}, now {show(run['default'])}"
            yield Finding(entry.name, engine, words)
    values = {engine: run["default"] for engine, run in runs.items() if "default" in run}
    if entry.kind == "agreement" and len(grouped(values, entry.round_off)) > 1:
        words = f"the defaults no longer agree: {told(values, entry.round_off)}"
        yield Finding(entry.name, "", words)


def of_matched(entry: Entry, runs: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """With the remedy all engines give one value."""
    values = {engine: run["matched"] for engine, run in runs.items() if "matched" in run}
    raised = [engine for engine, value in values.items() if isinstance(value, dict)]
    for engine in raised:
        yield Finding(entry.name, engine, f"the remedy {show(values[engine])}")
    if not raised and len(grouped(values, entry.round_off)) > 1:
        words = f"the remedy does not close the difference: {told(values, entry.round_off)}"
        yield Finding(entry.name, "", words)
