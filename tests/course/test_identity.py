"""The identity of a checkpoint: any change that affects the numbers is noticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, replace
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Dense, Model, Net, SettingsError
from course import checkpointing, digests
from course.checkpointing import DiskCheckpointer, difference, identity
from course.lessons import LESSONS
from course.settings import Settings
from course.training import Run
from tests.judging.helpers import backend, run_of

Given = dict[str, Any]  # lesson, run and backend, as `identity` takes them

# Files that affect a lesson's numbers, and files that do not.
DECIDES = ("adapters/torch_adapter.py", "adapters/parallel/workers.py", "course/training.py",
           "course/relay/leg.py", "injections/adam.py", "datasets/npz.py",
           "lessons/" + LESSONS[4].file)  # fmt: skip
DOES_NOT = ("compare/cli.py", "tests/test_a.py", "classroom/grade.py", "course/notes.md",
            "lessons/" + LESSONS[3].file)  # fmt: skip


@pytest.fixture
def given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Given:
    """A run of lesson 4 in a checkout of a few files."""
    for name in (*DECIDES, *DOES_NOT):
        file = tmp_path / "checkout" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("a = 1\n", encoding="utf-8")
    monkeypatch.setattr(digests, "ROOT", tmp_path / "checkout")
    run = replace(run_of("momentum", "float64"), losses=np.zeros(0), params=[], model=None)
    cls = backend("float64")
    lesson = SimpleNamespace(number=4, Model=cls, settings=Settings(backend="numpy"))
    return {"lesson": lesson, "run": run, "backend": cls}


def of_run(**changes: Any) -> Callable[[Given], Given]:
    """The same, with another run."""
    return lambda given: given | {"run": replace(given["run"], **changes)}


def of_array(name: str) -> Callable[[Given], Given]:
    """The same, with the last number of one array nudged by its last bit, or another label."""

    def change(given: Given) -> Given:
        old = getattr(given["run"], name)
        new = [a.copy() for a in old] if name == "initial" else old.copy()
        array = new[-2] if name == "initial" else new
        array.flat[-1] = 1 - array.flat[-1] if name == "y" else np.nextafter(array.flat[-1], 9)
        return given | {"run": replace(given["run"], **{name: new})}

    return change


def of_backend(**changes: Any) -> Callable[[Given], Given]:
    """The same, on a backend (and of a lesson) with other attributes."""

    def change(given: Given) -> Given:
        cls: type[Model] = type("Other", (given["backend"],), changes)
        lesson = SimpleNamespace(**vars(given["lesson"]) | {"Model": cls})
        return given | {"lesson": lesson, "backend": cls}

    return change


def injected(given: Given) -> Given:
    return given | {"backend": type("Planted", (given["backend"],), {})}


NET, MOMENTUM = Net((Dense(4, 5, "relu"), Dense(5, 3)), "softmax"), SGD(0.25, 0.5)
ADAM = Adam(0.25, 0.5, 0.75, 1e-3)
CHANGES: dict[str, tuple[Callable[[Given], Given], str]] = {
    "run": (of_run(name="sgd"), "run momentum"),
    "backend": (of_backend(backend="jax"), "backend numpy"),
    "planted": (injected, "planted False"),
    "dtype": (of_backend(dtype="float32"), "dtype float64"),
    "device": (of_backend(device="gpu"), "device cpu"),
    "threads": (of_backend(threads=2), "threads 1"),
    "seed": (of_run(seed=4), "seed 3"),
    "epochs": (of_run(epochs=3), "epochs 2"),
    "batch size": (of_run(batch_size=4), "batch size 3"),
    "shuffle": (of_run(shuffle=False), "shuffle True"),
    "lowering": (of_run(lower_by=10.0), "lower_by 1"),
    "width": (of_run(net=Net((Dense(4, 6, "relu"), Dense(6, 3)), "softmax")), "layers"),
    "activation": (of_run(net=replace(NET, layers=(Dense(4, 5, "tanh"), Dense(5, 3)))), "layers"),
    "loss": (of_run(net=replace(NET, loss="logistic")), "loss softmax"),
    "penalty": (of_run(net=replace(NET, l2=0.5)), "l2 0.0"),
    "rate": (of_run(optimizer=SGD(0.125, 0.5)), "optimizer learning_rate 0.25"),
    "momentum": (of_run(optimizer=SGD(0.25, 0.75)), "optimizer momentum 0.5"),
    "nesterov": (of_run(optimizer=SGD(0.25, 0.5, nesterov=True)), "optimizer nesterov False"),
    "optimizer": (of_run(optimizer=ADAM), "with optimizer "),
    "pictures": (of_array("x"), r"other data \(x\)"),
    "labels": (of_array("y"), r"other data \(y\)"),
    "initial weights": (of_array("initial"), "other initial weights"),
}


def refused(folder: Path, then: Given, now: Given, reason: str) -> None:
    """Assert that a checkpoint of one run is refused by another, with the reason."""
    first, second = (
        DiskCheckpointer(
            folder, "run", identity(**run), epochs=1, steps_per_epoch=1, every=1, write=True,
            resume=True,
        )
        for run in (then, now)
    )  # fmt: skip
    model = then["backend"](NET, then["run"].initial, MOMENTUM)
    first.save(1, model, [np.ones(1)], 0.0)
    assert first.latest() is not None
    with pytest.raises(SettingsError, match=reason):
        second.latest()


def test_the_last_three_are_kept_and_the_newest_is_used(given: Given, tmp_path: Path) -> None:
    checkpointer = DiskCheckpointer(
        tmp_path / "kept", "run", identity(**given), epochs=5, steps_per_epoch=1, every=1,
        write=True, resume=True,
    )  # fmt: skip
    model = given["backend"](NET, given["run"].initial, MOMENTUM)
    for done in range(1, 6):
        checkpointer.save(done, model, [np.ones(done)], 10.0 * done)
    assert [card.stem[-1] for card in sorted((tmp_path / "kept").glob("*.json"))] == ["3", "4", "5"]
    assert len([*(tmp_path / "kept").iterdir()]) == 6
    snapshot = checkpointer.latest()
    assert snapshot is not None
    assert (snapshot.done, len(snapshot.losses), snapshot.seconds) == (5, 5, 50.0)


@pytest.mark.parametrize("what", CHANGES)
def test_another_run_is_another(what: str, given: Given, tmp_path: Path) -> None:
    change, reason = CHANGES[what]
    refused(tmp_path / "kept", given, change(given), reason)


@pytest.mark.parametrize(
    "changes", [{"beta_1": 0.25}, {"beta_2": 0.5}, {"epsilon": 1e-4}, {"learning_rate": 0.5}]
)
def test_another_constant_of_adam_is_another_run(changes: dict[str, float], given: Given) -> None:
    one, other = (of_run(optimizer=o)(given) for o in (ADAM, replace(ADAM, **changes)))
    (name,) = changes
    assert f"optimizer {name}" in difference(identity(**one), identity(**other))


def test_another_lesson_is_another_run(given: Given) -> None:
    lesson = SimpleNamespace(**vars(given["lesson"]) | {"number": 3})
    explanation = difference(identity(**given), identity(**given | {"lesson": lesson}))
    assert explanation == "lesson 4, and this run has 3"


def test_another_version_is_another_run(given: Given, monkeypatch: pytest.MonkeyPatch) -> None:
    then = identity(**given)
    monkeypatch.setattr("course.card.version", lambda package: "0.0")
    assert difference(then, identity(**given)).startswith("versions numpy ")


@pytest.mark.parametrize("name", DECIDES)
def test_other_code_is_another_run(name: str, given: Given, tmp_path: Path) -> None:
    then = identity(**given)
    (tmp_path / "checkout" / name).write_text("a = 2\n", encoding="utf-8")
    assert difference(then, identity(**given)) == f"other code ({name})"
    if not name.startswith("lessons"):
        (tmp_path / "checkout" / name).unlink()
        assert difference(then, identity(**given)) == f"other code ({name})"


@pytest.mark.parametrize("name", DOES_NOT)
def test_code_that_decides_nothing_is_no_part_of_it(
    name: str, given: Given, tmp_path: Path
) -> None:
    then = identity(**given)
    (tmp_path / "checkout" / name).write_text("a = 2\n", encoding="utf-8")
    assert identity(**given) == then


def test_an_identity_survives_json(given: Given) -> None:
    """Or no checkpoint would ever be of the run that wrote it."""
    described = identity(**given)
    assert json.loads(json.dumps(described)) == described
    assert difference(described, identity(**given)) == "nothing else"


def test_all_that_a_lesson_runs_is_in_it() -> None:
    """What trains, cuts batches, casts or injects is ours, and its digest is part of it."""
    code = checkpointing.code_of(4)
    for name in ("adapters.numpy_adapter", "adapters.contract", "course.training", "course.lesson",
                 "course.randomness", "datasets.images", "injections"):  # fmt: skip
        file = Path(import_module(name).__file__ or "").relative_to(digests.ROOT).as_posix()
        assert file in code, name


def test_an_identity_has_every_field_of_a_run() -> None:
    """A new field of a run, of a network or of a layer has to be thought of here."""

    def names(cls: type) -> set[str]:
        return {field.name for field in fields(cls)}

    came_out = {"status", "seconds", "losses", "params", "model"}
    assert names(Run) - came_out == {
        "name", "net", "optimizer", "initial", "epochs", "batch_size", "seed", "shuffle",
        "lower_by", "x", "y",
    }  # fmt: skip
    assert names(Net) == {"layers", "loss", "l2", "input_shape"}
    assert names(Dense) == {"n_in", "n_out", "activation"}
