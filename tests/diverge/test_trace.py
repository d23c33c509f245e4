"""A trace is read as it was written, and a damaged one is rejected and made again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from adapters.contract import SettingsError
from compare.diverge.side import Setting, Side, _digest
from compare.diverge.sketch import Quantity, sketch
from compare.diverge.trace import Trace


def a_trace() -> Trace:
    quantities = [
        Quantity(-1, "data", "x", np.arange(6.0).reshape(2, 3)),
        Quantity(0, "loss", "loss", np.array(0.5)),
        Quantity(0, "update", "W0", np.full((3, 2), np.inf)),
    ]
    return Trace({"engine": "torch", "lesson": 4}, {"sgd": [sketch(q) for q in quantities]})


def test_a_trace_is_read_as_it_was_written(tmp_path: Path) -> None:
    file = tmp_path / "new" / "a.npz"
    a_trace().write(file)
    back = Trace.read(file)
    assert back.card == a_trace().card
    for one, other in zip(back.runs["sgd"], a_trace().runs["sgd"], strict=True):
        assert (one.place, one.digest, one.shape) == (other.place, other.digest, other.shape)
        assert one.distance(other) == 0
    assert [path.name for path in file.parent.iterdir()] == ["a.npz"]


@pytest.mark.parametrize("fraction", [0.0, 0.3, 0.9])
def test_a_truncated_file_is_refused_by_name(tmp_path: Path, fraction: float) -> None:
    file = tmp_path / "a.npz"
    a_trace().write(file)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(fraction * len(whole))])
    with pytest.raises(SettingsError, match=r"a\.npz"):
        Trace.read(file)


def test_a_file_of_another_kind_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "weights.npz", W0=np.zeros(3))
    with pytest.raises(SettingsError, match="not a trace"):
        Trace.read(tmp_path / "weights.npz")


def test_a_cached_trace_is_reused_unless_it_is_damaged(tmp_path: Path) -> None:
    setting = Setting(2)
    with Side("numpy", setting, tmp_path) as side:
        file = side.trace_file()
    written = file.read_bytes(), file.stat().st_mtime_ns
    with Side("numpy", setting, tmp_path) as again:
        assert again.trace_file() == file
        assert again.process is None
    assert (file.read_bytes(), file.stat().st_mtime_ns) == written
    file.write_bytes(written[0][:100])
    with Side("numpy", setting, tmp_path) as repaired:
        Trace.read(repaired.trace_file())
        assert repaired.process is not None


def test_other_code_is_another_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Side("numpy", Setting(2), tmp_path) as side:
        before = side._card([])
        monkeypatch.setattr("compare.diverge.side._code", lambda: "other")
        assert side._card([]) != before


def test_a_trace_of_the_users_adapter_is_not_cached(tmp_path: Path) -> None:
    """It may import files beside it, which may have changed."""
    (tmp_path / "mine.py").write_text("from adapters.numpy_adapter import *\n", encoding="utf-8")
    for _ in range(2):
        with Side(f"{tmp_path / 'mine.py'}:NumpyModel", Setting(2), tmp_path) as side:
            side.trace_file()
            assert side.process is not None


def test_changed_data_give_another_trace(tmp_path: Path) -> None:
    """A file may get other rows under the same name."""
    file, names = tmp_path / "mine.npz", []
    for first in (0.0, 1.0):
        np.savez(file, x=np.full((4, 2), first), y=np.ones(4))
        names.append(_digest(Side("numpy", Setting(2, data=str(file)), tmp_path)._card(())))
    assert names[0] != names[1]


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        (Setting(3), "lesson 2: you asked for 3"),
        (Setting(2, "float32"), "dtype float64: you asked for float32"),
        (Setting(2, seed=1), "seed 0: you asked for 1"),
    ],
)
def test_a_trace_of_something_else_is_refused(
    tmp_path: Path, setting: Setting, message: str
) -> None:
    with Side("numpy", Setting(2), tmp_path) as side:
        file = side.trace_file()
    with pytest.raises(SettingsError, match=message):
        Side(str(file), setting, tmp_path)


def test_nothing_can_be_injected_into_a_finished_trace(tmp_path: Path) -> None:
    with Side("numpy", Setting(2), tmp_path) as side:
        file = side.trace_file()
    with pytest.raises(SettingsError, match="cannot inject into"):
        Side(str(file), Setting(2), tmp_path, ("not_shuffled",))
