"""Compare observed values with the entries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from triptych.differences.entry import Entry
from triptych.differences.values import format_groups, format_value, grouped, same

Observed = Mapping[str, Mapping[str, Mapping[str, Any]]]  # backend → entry → default, matched


@dataclass(frozen=True)
class Finding:
    """A value that differs from its entry."""

    entry: str
    backend: str  # empty if it concerns several
    message: str

    def __str__(self) -> str:
        return f"{self.entry}{f' on {self.backend}' if self.backend else ''}: {self.message}"


def judge(entries: Sequence[Entry], observed: Observed) -> list[Finding]:
    """Every finding about the backends that ran, entry by entry."""
    findings: list[Finding] = []
    for entry in entries:
        runs = {
            backend: observed[backend][entry.name]
            for backend in entry.backends
            if "missing" not in observed.get(backend, {}).get(entry.name, {"missing": []})
        }
        findings += of_defaults(entry, runs)
        findings += of_matched(entry, runs)
    return findings


def not_run(entries: Sequence[Entry], observed: Observed) -> dict[str, list[str]]:
    """{package: the snippets that need it and did not run, such as "some_entry on jax"}."""
    lacking: dict[str, list[str]] = {}
    for entry in entries:
        for backend, runs in observed.items():
            for package in runs.get(entry.name, {}).get("missing", []):
                lacking.setdefault(package, []).append(f"{entry.name} on {backend}")
    return lacking


def of_defaults(entry: Entry, runs: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Check that each backend gives the entry's value, and all the same in an agreement."""
    for backend, run in runs.items():
        if "broken" in run:
            yield Finding(entry.name, backend, f"its snippet cannot be loaded: {run['broken']}")
        elif not same(entry.expected(backend), run["default"], entry.tolerance):
            expected, now = format_value(entry.expected(backend)), format_value(run["default"])
            yield Finding(entry.name, backend, f"expected {expected}, now {now}")
    values = {backend: run["default"] for backend, run in runs.items() if "default" in run}
    if entry.kind == "agreement" and len(grouped(values, entry.round_off)) > 1:
        message = f"the defaults no longer agree: {format_groups(values, entry.round_off)}"
        yield Finding(entry.name, "", message)


def of_matched(entry: Entry, runs: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Check that with the remedy all backends give the same value."""
    values = {backend: run["matched"] for backend, run in runs.items() if "matched" in run}
    raised = [backend for backend, value in values.items() if isinstance(value, dict)]
    for backend in raised:
        yield Finding(entry.name, backend, f"the remedy {format_value(values[backend])}")
    if not raised and len(grouped(values, entry.round_off)) > 1:
        remaining = format_groups(values, entry.round_off)
        yield Finding(entry.name, "", f"the remedy does not close the difference: {remaining}")
