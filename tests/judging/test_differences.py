"""Values of the catalogue close to the tolerance, and records with their probes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from compare.drift import comparison
from compare.drift.requirements import Pin
from triptych.differences.judge import Finding
from triptych.differences.values import format_value, is_value, same


def test_numbers_are_the_same_up_to_the_tolerance_of_one_or_of_their_size() -> None:
    assert same(0.25, 0.5, 0.25)
    assert not same(0.25, 0.5 + 2**-40, 0.25)
    assert same(-8.0, -6.0, 0.25)
    assert not same(-8.0, -5.5, 0.25)
    assert not same(0.0, 0.375, 0.25)


def test_lists_hold_values_and_no_errors() -> None:
    assert is_value([1, [True, "x", float("nan")]])
    assert not is_value([{"raises": "TypeError"}])
    assert not is_value([1, None])


def test_ten_digits_are_shown_by_default() -> None:
    assert format_value(1 / 3) == "0.3333333333"


def test_both_records_are_read_with_their_probes(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[str, bool]] = []
    monkeypatch.setattr(
        comparison, "read_record", lambda path, probes: read.append((path.name, probes))
    )
    monkeypatch.setattr("compare.findings.findings", lambda ours, theirs: [])
    comparison.findings_of(Path("a"), Path("b"))
    assert read == [("a", True), ("b", True)]


def test_findings_cannot_be_changed() -> None:
    made: list[Any] = [Finding("an entry", "torch", "a message"), Pin.__new__(Pin)]
    for one in made:
        with pytest.raises(FrozenInstanceError):
            one.message = "another"


def test_defaults_are_printed_before_the_process_ends_at_once() -> None:
    environ = {k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        [sys.executable, "-m", "compare.drift.defaults", "numpy", "float64"],
        cwd=Path(__file__).parents[2], env=environ, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == {"float": "float64", "std_ddof": 0}
