"""The table of all native programs against all backends."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.contract import Array
from compare.native import matrix


def test_it_takes_both_dtypes_at_once_and_a_gap_above_its_budget_is_a_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(matrix, "FRAMEWORKS", {"numpy": matrix.FRAMEWORKS["numpy"]})
    read = matrix.read_record

    def moved_in_float64(folder: Path) -> tuple[dict[str, Array], dict[str, Any]]:
        arrays, card = read(folder)
        shift = 1e-6 if card["dtype"] == "float64" else 0
        return {name: a + shift * ("param_0" in name) for name, a in arrays.items()}, card

    monkeypatch.setattr(matrix, "read_record", moved_in_float64)
    report = tmp_path / "native.md"
    options = ["--lessons=1", "--seeds=3", "--backends=numpy", f"--report={report}"]
    assert matrix.main(options) == 1
    rows = [line.split(" | ") for line in report.read_text().splitlines() if "| NumPy |" in line]
    assert [(*row[:2], row[-1]) for row in rows] == [
        ("| 1", "float64", "OVER |"), ("| 1", "float32", "agrees |"),
    ]  # fmt: skip
    assert "over budget (1, 'float64', 3), numpy against numpy" in capsys.readouterr().err
