"""Bad input to every public function, and unusual arrays, which are to give the same numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

import datasets
from adapters import SGD, Adam, Dense, Net, load
from adapters.contract import Array
from course import open_lesson
from tests.trust.files import (
    Case,
    folder,
    npz,
)

NET = Net((Dense(3, 4, "tanh"), Dense(4, 2)), "softmax", l2=0.1)
RNG = np.random.default_rng(0)
X, Y, ORDER = RNG.normal(size=(5, 3)), np.arange(5) % 2, np.arange(5)  # (5, 3), (5,), (5,)
WEIGHTS = [RNG.normal(size=shape) for shape in NET.shapes]


def model(net: Net = NET, weights: Any = WEIGHTS) -> Any:
    """A network of NumPy's. Loaded late: to load settles the process."""
    return load("numpy", dtype="float32")(net, weights, SGD(0.1, 0.9))


def trained(
    x: Any = X, y: Any = Y, order: Any = ORDER, batch: Any = 2, weights: Any = WEIGHTS
) -> Any:
    """Losses, gradients and weights after an epoch: what has to be the same."""
    one = model(weights=weights)
    return [one.epoch(x, y, order, batch), *one.gradients(x, y), *one.params()]


def same(**given: Any) -> Any:
    """A call that trains on these and on the plain arrays, and wants the same numbers."""

    def call(_: Path) -> None:
        for ours, theirs in zip(trained(**given), trained(), strict=True):
            np.testing.assert_array_equal(ours, theirs)

    return call


def read_only(array: Array) -> Array:
    array = array.copy()
    array.flags.writeable = False
    return array


def apart(array: Array) -> Array:
    """The same numbers, each with a gap after it."""
    return np.repeat(array, 2, axis=-1)[..., ::2]


def unaligned(array: Array) -> Array:
    return (
        np.frombuffer(b"\0" + array.tobytes(), np.uint8)[1:].view(array.dtype).reshape(array.shape)
    )


def finite(call: Any) -> Any:
    """A call whose result is numbers, all finite."""

    def checked(_: Path) -> None:
        assert np.isfinite(np.asarray(call(), float)).all()

    return checked


UNUSUAL = [
    Case("Model", "non-contiguous arrays", same(x=apart(X), y=apart(Y), order=apart(ORDER))),
    Case("Model", "arrays in column order", same(x=np.asfortranarray(X))),
    Case(
        "Model", "arrays that run backwards", same(x=X[::-1].copy()[::-1], y=Y[::-1].copy()[::-1])
    ),
    Case("Model", "read-only arrays", same(x=read_only(X), y=read_only(Y), order=read_only(ORDER))),
    Case("Model", "read-only weights", same(weights=[read_only(w) for w in WEIGHTS])),
    Case(
        "Model",
        "big-endian arrays",
        same(x=X.astype(">f8"), y=Y.astype(">i8"), order=ORDER.astype(">i4")),
    ),
    Case("Model", "unaligned arrays", same(x=unaligned(X), y=unaligned(Y))),
    Case("Model", "rows as lists", same(x=X.tolist(), y=Y.tolist(), order=ORDER.tolist())),
    Case(
        "Model",
        "a batch larger than the data",
        lambda _: np.testing.assert_array_equal(trained(batch=10**30)[0], trained(batch=5)[0]),
    ),
    Case("Model", "labels in 8 bits", same(y=Y.astype(np.uint8))),
    Case("Model", "one sample", finite(lambda: model().step(X[:1], Y[:1]))),
    Case(
        "Model",
        "one class",
        finite(
            lambda: model(Net((Dense(3, 1),), "softmax"), [WEIGHTS[0][:, :1], WEIGHTS[1][:1]]).step(
                X, 0 * Y
            )
        ),
    ),
    Case(
        "datasets.load",
        "big-endian images",
        lambda at: datasets.load(at / "ü b.npz"),
        (),
        {"ü b.npz": npz(x_train=np.ones((6, 2, 2), ">f4"), x_test=np.ones((3, 2, 2), ">f4"))},
    ),
    Case(
        "datasets.load",
        "a name with spaces and Unicode, and ..",
        lambda at: datasets.load(at / "x/../ü b.npz"),
        (),
        {"ü b.npz": npz(), "x": folder},
    ),
    Case(
        "datasets.load",
        "one image of each",
        lambda at: datasets.load(at / "a.npz"),
        (),
        {"a.npz": npz(x_train=np.ones((3, 2, 2), np.uint8), y_train=np.arange(3))},
    ),
]


def refused(where: str, what: str, call: Any, *says: str, **files: Any) -> Case:
    """A call without files, or with some; `a_npz` is a.npz."""
    return Case(where, what, call, says, {k.replace("_", ".", 1): v for k, v in files.items()})


VALUES = [
    refused("load", "a list for a name", lambda _: load(["numpy"]), "['numpy']", "expected one of"),
    refused(
        "load",
        "a type for a dtype",
        lambda _: load("numpy", dtype=np.float32),
        "float32, float64",
    ),
    refused("load", "True threads", lambda _: load("numpy", threads=True), "True", "at least 1"),
    refused("Dense", "a width in words", lambda _: Dense("2", 3), "'2'", "needs 1"),
    refused("Dense", "half a unit", lambda _: Dense(2.5, 3), "2.5", "needs 1"),
    refused("Dense", "a width of NaN", lambda _: Dense(float("nan"), 3), "nan", "needs 1"),
    refused("Dense", "no inputs", lambda _: Dense(0, 3), "0", "needs 1"),
    refused("Dense", "nothing", lambda _: Dense(None, 3), "None", "needs 1"),
    refused("Net", "zero layers", lambda _: Net((), "softmax"), "at least one layer"),
    refused("Net", "a number for layers", lambda _: Net(3, "softmax"), "3", "tuple of layers"),
    refused(
        "Net", "numbers for layers", lambda _: Net((1, 2), "softmax"), "(1, 2)", "tuple of layers"
    ),
    refused(
        "Net", "a penalty in words", lambda _: Net((Dense(1, 1),), "squared", "x"), "'x'", "number"
    ),
    refused(
        "Net",
        "an infinite penalty",
        lambda _: Net((Dense(1, 1),), "squared", float("inf")),
        "inf",
        "positive",
    ),
    refused("SGD", "a rate in words", lambda _: SGD("fast"), "fast", "number"),
    refused("SGD", "no rate", lambda _: SGD(None), "None", "number"),
    refused("SGD", "a rate beyond every float", lambda _: SGD(10**400), "1000", "number"),
    refused("SGD", "an array of rates", lambda _: SGD(np.ones(3)), "1. 1. 1.", "number"),
    refused("SGD", "a momentum of NaN", lambda _: SGD(0.1, float("nan")), "nan", "[0, 1)"),
    refused("Adam", "an epsilon in words", lambda _: Adam(epsilon="x"), "'x'", "number"),
    refused("Adam", "a beta of one", lambda _: Adam(beta_1=1.0), "1.0", "[0, 1)"),
    refused("Model", "no network", lambda _: model(net=None), "NoneType", "Net"),
    refused("Model.restore", "no state", lambda _: model().restore(None), "NoneType", "dict"),
    refused("Model.restore", "a number for a state", lambda _: model().restore(3), "int", "dict"),
    refused(
        "Model.epoch", "a batch of True", lambda _: trained(batch=True), "True", "whole number"
    ),
    refused(
        "Model.loss",
        "labels beyond 64 bits",
        lambda _: model().loss(X, np.full(5, 2**63, np.uint64)),
        "9223372036854775808",
        "outside",
    ),
    refused(
        "Model.forward",
        "dates",
        lambda _: model().forward(np.full((5, 3), "2020", "M8[D]")),
        "datetime64",
        "real numbers",
    ),
    refused("open_lesson", "an unknown lesson", lambda _: open_lesson(9), "9", "choose"),
    refused(
        "open_lesson",
        "half a checkpoint",
        lambda _: open_lesson(3, backend="numpy", checkpoint=1.5),
        "1.5",
        "100steps",
    ),
    refused(
        "open_lesson",
        "to go on from what is not said",
        lambda _: open_lesson(3, backend="numpy", resume=True),
        "True",
        "'auto'",
    ),
    refused("open_lesson", "a list for a lesson", lambda _: open_lesson([3]), "[3]", "choose"),
    refused(
        "open_lesson",
        "an unknown setting",
        lambda _: open_lesson(3, speed=1),
        "speed",
        "expected one of",
    ),
    refused(
        "open_lesson",
        "an unknown backend",
        lambda _: open_lesson(3, backend="numpi"),
        "numpi",
        "expected one of",
    ),
    refused(
        "open_lesson",
        "half an epoch",
        lambda _: open_lesson(3, backend="numpy", epochs=0.5),
        "0.5",
        "whole number",
    ),
    refused(
        "open_lesson",
        "a negative seed",
        lambda _: open_lesson(3, backend="numpy", seed=-1),
        "-1",
        "whole number",
    ),
    refused(
        "open_lesson",
        "a rate of NaN",
        lambda _: open_lesson(3, backend="numpy", learning_rate=float("nan")),
        "nan",
        "positive",
    ),
    refused(
        "open_lesson",
        "a knob of infinity",
        lambda _: open_lesson(1, backend="numpy", knobs=(1, 2, float("inf"))),
        "inf",
        "numbers",
    ),
]

CASES = [*UNUSUAL, *VALUES]
