"""A row is the same text whenever it is made, reads back as it was, and notices an edit."""

from __future__ import annotations

import json
import math
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.contract import TriptychError
from compare.releases import measuring
from compare.releases.measuring import Subject, digests, measure, run_lessons
from compare.releases.processor import sets
from tests.ledger.conftest import Make, lesson, stage
from triptych.differences.processes import ObservationError
from triptych.ledger.rows import LedgerError, Row, order, read, read_all

DTYPES = ("float64", "float32")


def write(row: Row, folder: Path) -> Path:
    file = folder / row.file
    file.write_text(row.text(), encoding="utf-8")
    return file


def test_a_row_reads_back_as_it_was(make: Make, tmp_path: Path) -> None:
    wild = {"nan_entry": {"code": "c", "default": [math.inf, -math.inf], "matched": "nan"}}
    row = make("1.1", catalogue=wild, lessons={"3": {"float64": lesson(loss=stage("x", math.inf))}})
    assert read(write(row, tmp_path)) == row
    json.loads(row.text(), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))


def test_times_are_the_only_difference_of_a_row_made_twice(make: Make) -> None:
    one, other = (json.loads(make("1.0", seconds={"measuring": s}).text()) for s in (1.0, 2.0))
    assert one.pop("seconds") != other.pop("seconds")
    assert one == other


@pytest.mark.parametrize(
    ("old", "new"),
    [('"share": 0.1', '"share": 0.2'), ('"2024-01-10"', '"2024-01-11"'), ("1e-07", "1e-08")],
)
def test_an_edit_is_noticed(old: str, new: str, make: Make, tmp_path: Path) -> None:
    file = write(make("1.0"), tmp_path)
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(LedgerError, match=r"keras-1\.0\.json has changed since it was written"):
        read_all(tmp_path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', "[" * 100_000])
def test_another_file_is_no_row(text: str, tmp_path: Path) -> None:
    file = tmp_path / "keras-1.0.json"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match="not a row of the ledger"):
        read(file)


def test_a_row_of_a_later_format_is_named(make: Make, tmp_path: Path) -> None:
    file = write(make("1.0"), tmp_path)
    file.write_text(file.read_text("utf-8").replace('"format": 1', '"format": 2'), "utf-8")
    with pytest.raises(LedgerError, match="has format 2: this version reads 1"):
        read(file)


def test_rows_are_sorted_by_version_and_others_left_out(make: Make, tmp_path: Path) -> None:
    for version in ("3.10.0", "3.9.2", "3.9.10"):
        write(replace(make("1.0"), version=version), tmp_path)
    write(replace(make("1.0"), backend="keras-jax", version="3.0"), tmp_path)
    (tmp_path / ".unfinished-ab").write_text("{", encoding="utf-8")
    (tmp_path / "notes.json").write_text("{", encoding="utf-8")
    assert [row.version for row in read_all(tmp_path, "keras")] == ["3.9.2", "3.9.10", "3.10.0"]
    assert len(read_all(tmp_path)) == 4
    assert order("2.13.0+cpu") == order("2.13.0") == (2, 13, 0)


def test_a_release_measured_twice_gives_the_same_row(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """NumPy, installed here, on the shortest lesson: against itself it has no gap."""
    monkeypatch.setattr(measuring, "LESSONS", (2,))
    monkeypatch.setattr(measuring, "companions", lambda subject: {})
    here = Path(sys.executable)
    for dtype in DTYPES:
        report = run_lessons(here, "numpy", dtype, tmp_path)
        assert "folder" in report["lessons"]["2"], report
    subject = Subject("numpy", "numpy", "2.4.6", "2026-05-18", here)
    row = measure(subject, {dtype: tmp_path / dtype for dtype in DTYPES}, 2, 0.0)
    again = measure(subject, {dtype: tmp_path / dtype for dtype in DTYPES}, 2, 0.0)
    assert replace(row, seconds={}).text() == replace(again, seconds={}).text()
    for dtype in DTYPES:
        result = row.lessons["2"][dtype]
        assert result["status"] == "complete", result
        assert {one["share"] for one in result["stages"].values()} == {0.0}
        assert all(len(one["bits"]) == measuring.SHORT for one in result["stages"].values())
    assert row.lessons["2"]["float64"] != row.lessons["2"]["float32"]


def test_what_ends_the_process_costs_only_its_lesson(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def crash(python: Path, arguments: list[str]) -> tuple[int, str]:
        file, numbers = Path(arguments[6]), [int(number) for number in arguments[7:]]
        ran = {n: {"folder": "there", "seconds": 1.0} for n in numbers if n < 3 or n > 3}
        done = {n: one for n, one in ran.items() if 3 not in numbers or n < 3}
        crashed = {3: {"reason": "it ended the process", "seconds": 0.0}} if 3 in numbers else {}
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(json.dumps({"defaults": {}, "lessons": done | crashed}))
        return (-11, "Segmentation fault") if crashed else (0, "")

    monkeypatch.setattr(measuring, "run", crash)
    report = run_lessons(Path("python"), "numpy", "float64", tmp_path)
    assert {n for n, one in report["lessons"].items() if "folder" in one} == {"1", "2", "4", "7"}
    assert report["lessons"]["3"]["reason"] == "Segmentation fault"


@pytest.mark.parametrize("number", [2, 9, 15])
def test_what_is_stopped_from_outside_is_no_row(
    number: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    message = f"was stopped by signal {number}: the same command goes on from here"
    monkeypatch.setattr(measuring, "run", lambda *_: (-number, "status"))
    with pytest.raises(TriptychError, match=f"keras in float64 {message}"):
        run_lessons(Path("python"), "keras", "float64", tmp_path)

    def killed(*_: object) -> None:
        raise ObservationError(f"keras cannot be run: killed by signal {number}", number)

    monkeypatch.setattr(measuring, "observe", killed)
    subject = Subject("keras", "keras", "1.0", "", Path("python"))
    with pytest.raises(TriptychError, match=f"the catalogue of keras {message}"):
        measuring.catalogue_of(subject)


def test_an_adapter_that_cannot_be_imported_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(measuring, "run", lambda *_: (1, "AttributeError: no keras.ops"))
    report = run_lessons(Path("python"), "keras", "float64", tmp_path)
    assert report["refused"] == "AttributeError: no keras.ops"


def test_a_digest_changes_with_the_last_bit() -> None:
    import numpy as np

    card = {"hashes": {"data": "d" * 64, "initial_weights": "w" * 64, "batch_order": "o" * 64}}
    a = np.linspace(0, 1, 7)
    b = a.copy()
    b[3] = np.nextafter(b[3], 2)
    one, other = (digests({"run/losses": x, "run/predictions": a}, card) for x in (a, b))
    assert {stage for stage in one if one[stage] != other[stage]} == {"trajectory"}
    assert digests({"run/losses": a.astype(np.float32)}, card) != digests({"run/losses": a}, card)


def test_the_instruction_sets_are_those_that_choose_kernels() -> None:
    assert sets({"fpu", "avx2", "avx", "sse4_2"}) == ["sse4_2", "avx", "avx2"]
