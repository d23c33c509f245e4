"""The record of a run: written whole or not at all, replaced only by its like, never lost."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Dense, Net
from course.card import digest_of_arrays
from course.randomness import epoch_order, initial_weights
from course.record import FORMER, OutputError, Staging, read_record
from course.settings import ROOT, folder_name
from course.training import Run
from datasets import DataError
from tests.course.conftest import Course, images

# The record of a run: written whole or not at all, and replaced only by one of its settings.


def _publish_run(out: Path, name: str, status: str, value: float) -> Path:
    staging = Staging(str(out), 3)
    staging.write({"softmax/losses": np.array([value])}, {"status": status})
    return staging.publish(name, complete=status == "complete")


def test_the_same_settings_replace(tmp_path: Path) -> None:
    """A second complete run of the same name takes the place of the first."""
    _publish_run(tmp_path, "a", "complete", 1.0)
    folder = _publish_run(tmp_path, "a", "complete", 2.0)
    assert read_record(folder)[0]["softmax/losses"] == [2.0]
    assert [path.name for path in folder.parent.iterdir()] == ["a"]


@pytest.mark.parametrize("status", ["interrupted", "diverged"])
def test_an_unfinished_run_never_replaces_a_finished_one(status: str, tmp_path: Path) -> None:
    """It goes beside it; where there is no finished one it has the name itself."""
    first = _publish_run(tmp_path, "a", "complete", 1.0)
    second = _publish_run(tmp_path, "a", status, 2.0)
    assert read_record(first)[0]["softmax/losses"] == [1.0]
    assert second.name == "a-unfinished"
    assert _publish_run(tmp_path, "b", status, 3.0).name == "b"


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
    a, b = (_publish_run(tmp_path / name, "a", "complete", 1.0) for name in "ab")
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


# A finished record is never lost, leftovers of killed runs are removed, changes are noticed.


def _staged(out: Path, value: float, status: str = "complete", **card: Any) -> Staging:
    staging = Staging(str(out), 3)
    staging.write({"softmax/losses": np.array([value])}, {"status": status, **card})
    return staging


def _publish(out: Path, value: float, status: str = "complete", **card: Any) -> Path:
    return _staged(out, value, status, **card).publish("a", complete=status == "complete")


def _value(folder: Path) -> float:
    return float(read_record(folder)[0]["softmax/losses"][0])


class Killed(BaseException):
    """The process ends here."""


def _killed_between_the_renames(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    staging, rename = _staged(out, 2.0), Path.rename

    def dies(self: Path, target: Path) -> Path:
        if self == staging.folder:
            raise Killed
        return rename(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", dies)
        patched.setattr("course.record._put_back", lambda former: None)
        with pytest.raises(Killed):
            staging.publish("a", complete=True)
    assert staging._lock is not None
    os.close(staging._lock._number)  # as the system does


def test_a_former_record_is_moved_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the next run in that folder."""
    folder = _publish(tmp_path, 1.0)
    _killed_between_the_renames(tmp_path, monkeypatch)
    assert not folder.exists()
    Staging(str(tmp_path), 3).discard()
    assert _value(folder) == 1.0
    assert [path.name for path in folder.parent.iterdir()] == ["a"]


def test_a_former_record_replaces_an_unfinished_one_but_no_finished_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If another process has published a record in between."""
    for status, value in (("interrupted", 1.0), ("complete", 3.0)):
        out = tmp_path / status
        folder = _publish(out, 1.0)
        _killed_between_the_renames(out, monkeypatch)
        (former,) = folder.parent.glob(f"{FORMER}*")
        hidden = former.rename(out / "hidden")  # the other one had started before
        staging = _staged(out, 3.0, status)
        hidden.rename(former)
        staging.publish("a", complete=status == "complete")
        Staging(str(out), 3).discard()
        assert _value(folder) == value
        names = {path.name for path in folder.parent.iterdir()}
        assert names == {"a", "a-unfinished"} if status == "interrupted" else {"a"}


def test_a_record_that_cannot_be_replaced_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first rename works and the second never does."""
    folder, staging = _publish(tmp_path, 1.0), _staged(tmp_path, 2.0)
    rename = Path.rename

    def fails(self: Path, target: Path) -> Path:
        if self == staging.folder:
            raise OSError(5, "Input/output error")
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(Exception, match=r"cannot replace .*Input/output error"):
        staging.publish("a", complete=True)
    assert _value(folder) == 1.0


def test_unlocked_folders_are_removed(tmp_path: Path) -> None:
    """Whatever their age: a clock may have been moved."""
    running, home = Staging(str(tmp_path), 3), tmp_path / "lesson3"
    os.utime(running.folder, (0, 0))
    (home / ".unfinished-dead").mkdir()
    (home / ".unfinished-gone.lock").touch()
    Staging(str(tmp_path), 3).discard()
    left = {path.name for path in home.iterdir()}
    assert left == {running.folder.name, f"{running.folder.name}.lock"}
    running.discard()


@pytest.mark.parametrize(
    "figures",
    [
        [{"file": "../secret.png", "alt": "x"}], [{"file": "..\\secret.png", "alt": "x"}],
        [{"file": "card.json", "alt": "x"}], [{"file": "link.png", "alt": "x"}],
        [{"file": "a\0.png", "alt": "x"}], [{"file": 3, "alt": "x"}], [{"file": "b.png"}],
        ["b.png"],
        {"file": "b.png"}, None, 3,
    ],
    ids=str,
)  # fmt: skip
def test_a_foreign_card_cannot_have_other_files_copied(figures: Any, tmp_path: Path) -> None:
    folder = _publish(tmp_path, 1.0, figures=figures)
    (folder.parent / "secret.png").write_bytes(b"secret")
    (folder / "b.png").write_bytes(b"picture")
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    staging = Staging(str(tmp_path), 3)
    assert staging.keep_figures("a") == []
    assert list(staging.folder.iterdir()) == []
    staging.discard()


def test_a_card_that_lost_its_seal_is_noticed(tmp_path: Path) -> None:
    """If any of the three sealing keys is missing; a card without all of them is another's."""
    folder = _publish(tmp_path, 1.0)
    card = json.loads((folder / "card.json").read_text(encoding="utf-8"))
    for name in ("seal", "files", "format", "status"):
        less = {key: value for key, value in card.items() if key != name}
        (folder / "card.json").write_text(json.dumps(less), encoding="utf-8")
        with pytest.raises(DataError, match=r"card\.json.*its seal differs"):
            read_record(folder)
    (folder / "card.json").write_text('{"status": "complete"}', encoding="utf-8")
    assert _value(folder) == 1.0


def test_arrays_of_another_record_are_noticed(tmp_path: Path) -> None:
    """The arrays are sound, but do not belong to this card."""
    first, second = _publish(tmp_path / "1", 1.0), _publish(tmp_path / "2", 2.0)
    (first / "record.npz").write_bytes((second / "record.npz").read_bytes())
    with pytest.raises(DataError, match=r"record\.npz.*has changed since it was written"):
        read_record(first)
