"""The record of a run: written whole or not at all, and replaced only by one of its settings."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from adapters.contract import SGD, Dense, Net
from course.card import digest_of_arrays
from course.randomness import epoch_order, initial_weights
from course.record import OutputError, Staging, read_record
from course.settings import ROOT, folder_name
from course.training import Run
from tests.course.conftest import Course, images


def _publish(out: Path, name: str, status: str, value: float) -> Path:
    staging = Staging(str(out), 3)
    staging.write({"softmax/losses": np.array([value])}, {"status": status})
    return staging.publish(name, complete=status == "complete")


def test_the_same_settings_replace(tmp_path: Path) -> None:
    """A second complete run of the same name takes the place of the first."""
    _publish(tmp_path, "a", "complete", 1.0)
    folder = _publish(tmp_path, "a", "complete", 2.0)
    assert read_record(folder)[0]["softmax/losses"] == [2.0]
    assert [path.name for path in folder.parent.iterdir()] == ["a"]


@pytest.mark.parametrize("status", ["interrupted", "diverged"])
def test_an_unfinished_run_never_replaces_a_finished_one(status: str, tmp_path: Path) -> None:
    """It goes beside it; where there is no finished one it has the name itself."""
    first = _publish(tmp_path, "a", "complete", 1.0)
    second = _publish(tmp_path, "a", status, 2.0)
    assert read_record(first)[0]["softmax/losses"] == [1.0]
    assert second.name == "a-unfinished"
    assert _publish(tmp_path, "b", status, 3.0).name == "b"


def test_a_run_without_figures_keeps_existing_ones(course: Course, tmp_path: Path) -> None:
    """A comparison draws no figures, and must not remove existing ones."""
    small = f"--data={images(tmp_path)}"
    assert course("lesson3", "--epochs=1", small).status == 0
    (folder,) = (tmp_path / "results" / "lesson3").iterdir()
    drawn = {path.name: path.read_bytes() for path in folder.glob("*.png")}
    _, card = read_record(folder)
    assert course("lesson3", "--epochs=1", small, "--no-figures", "--probes").status == 0
    assert (folder / "looks.npz").exists()
    assert len(drawn) >= 3
    assert {path.name: path.read_bytes() for path in folder.glob("*.png")} == drawn
    assert read_record(folder)[1]["figures"] == card["figures"]
    assert course("lesson3", "--epochs=1", small, "--no-figures", "--seed=1").status == 0
    (other,) = (tmp_path / "results" / "lesson3").glob("*seed1*")
    assert not list(other.glob("*.png"))  # another run's figures are not its own


def test_discard_leaves_no_trace(tmp_path: Path) -> None:
    """Folders that were created for the run are removed, existing ones are not."""
    (tmp_path / "mine").mkdir()
    Staging(str(tmp_path / "mine" / "new" / "er"), 3).discard()
    assert [path.name for path in tmp_path.rglob("*")] == ["mine"]


def test_no_folder_can_be_made_under_a_file(tmp_path: Path) -> None:
    """The error names the folder and what to do."""
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=r"file.*OUT="):
        Staging(str(tmp_path / "file" / "x"), 3)


def test_records_of_the_same_numbers_are_the_same_bytes(tmp_path: Path) -> None:
    """No time stamp in the archive: two runs can be compared by their files."""
    a, b = (_publish(tmp_path / name, "a", "complete", 1.0) for name in "ab")
    assert (a / "record.npz").read_bytes() == (b / "record.npz").read_bytes()


def test_names_tell_settings_apart() -> None:
    """Other settings, another name; the same settings, the same."""
    plain = folder_name("torch", "float32", "cpu", 0, {})
    assert plain == "torch-float32-cpu-seed0"
    one, two = (folder_name("torch", "float32", "cpu", 0, {"epochs": n}) for n in (1, 2))
    assert len({plain, one, two}) == 3
    assert one.startswith(plain + "-")
    assert len(one) == len(plain) + 9


def test_orders_and_weights_depend_on_the_seed_alone() -> None:
    """Batch order is a pure function of (seed, epoch); weights of (net, seed)."""
    assert sorted(epoch_order(1, 2, 50)) == list(range(50))
    assert (epoch_order(1, 2, 50) == epoch_order(1, 2, 50)).all()
    assert (epoch_order(1, 2, 50) != epoch_order(1, 3, 50)).any()
    net = Net((Dense(5, 4, "relu"), Dense(4, 2)), "softmax")
    first, again, other = (initial_weights(net, seed) for seed in (1, 1, 2))
    assert digest_of_arrays(first) == digest_of_arrays(again) != digest_of_arrays(other)


def test_epochs_taken_together_are_the_same_epochs() -> None:
    """Whatever the number of epochs in a call, and no call crosses a change of learning rate."""
    x = np.zeros((100, 3))
    net = Net((Dense(3, 1),), "squared")
    for epochs in range(1, 40):
        run = Run("r", net, SGD(0.1), [], epochs, 50, 0, True, 10.0, x, x)
        calls = list(run.calls())
        steps = [s for start, stop in calls for s in range(start, stop)]
        assert steps == list(range(2 * epochs))
        for start, stop in calls:
            rates = {run.optimizer_at(s // 2).learning_rate for s in range(start, stop)}
            assert len(rates) == 1
    assert run.lowered_from == 26
    assert json.dumps(run.optimizer_at(38).learning_rate) == "0.01"


def test_numbers_are_recorded_if_a_figure_cannot_be_saved(tmp_path: Path) -> None:
    """One line names the figure and the reason, and the record is complete without it."""
    no_room = """
from course.figure_writer import FigureWriter
save = FigureWriter.save
def elsewhere(self, figure, file, alt):
    (file.parent.parent / "taken").touch()
    save(self, figure, file.parent.parent / "taken" / "x", alt)
FigureWriter.save = elsewhere
from course.cli import main
main()
"""
    command = [sys.executable, "-c", no_room, "lesson3", "--backend=numpy", "--epochs=1"]
    environ = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert re.fullmatch(
        r"error: a figure could not be saved: .*taken.*; the numbers .*\n", done.stderr
    )
    (folder,) = (tmp_path / "results" / "lesson3").glob("numpy-*")
    arrays, card = read_record(folder)
    assert len(arrays["softmax/losses"]) == 100
    assert card["status"] == "complete"
    assert card["figures"] == []
