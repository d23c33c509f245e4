"""Constants reach Keras unrounded, although it casts Python floats to float32 by default."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Dense, Net
from adapters.laws.comparing import close, equal, must
from adapters.laws.subject import Subject
from adapters.laws.tolerances import EXACT_CONSTANT


@pytest.fixture
def keras(subject: Subject) -> Any:
    """The module, once the backend has been loaded."""
    assert subject.cls.backend.startswith("keras")
    return import_module("keras")


def test_constants_reach_the_optimizer_unrounded(subject: Subject, keras: Any) -> None:
    net = Net((Dense(2, 1),), "squared", l2=0.03)
    params = [np.ones((2, 1)), np.zeros(1)]
    sgd: Any = subject.cls(net, params, SGD(0.1, 0.9))
    adam: Any = subject.cls(net, params, Adam(0.1, 0.9, 0.999, 1e-8))
    constants = {
        "learning rate": (sgd.optim.learning_rate, 0.1),
        "momentum": (keras.ops.convert_to_tensor(sgd.optim.momentum, subject.dtype), 0.9),
        "Adam's learning rate": (adam.optim.learning_rate, 0.1),
        "β₁": (keras.ops.convert_to_tensor(adam.optim.beta_1, subject.dtype), 0.9),
        "β₂": (keras.ops.convert_to_tensor(adam.optim.beta_2, subject.dtype), 0.999),
        "ε": (keras.ops.convert_to_tensor(adam.optim.epsilon, subject.dtype), 1e-8),
    }
    for name, (tensor, want) in constants.items():
        got = np.asarray(keras.ops.convert_to_numpy(tensor))
        equal("constants pass unrounded", name, got, np.array(want, subject.dtype))
    # ½ · 0.03 · (1 + 1), on inputs and targets of zero
    loss = sgd.loss(np.zeros((1, 2)), np.zeros((1, 1)))
    close("constants pass unrounded", "penalty", loss, 0.03, EXACT_CONSTANT * subject.eps * 0.03)


def check_precision(subject: Subject, keras: Any) -> None:
    """Assert that mean, maximum and matmul agree with NumPy's in the same precision."""
    rng = np.random.default_rng(0)
    a, b = rng.normal(size=(2, 3, 3)).astype(subject.dtype)
    budget = EXACT_CONSTANT * subject.eps
    for name, ours, theirs in (
        ("mean", np.mean(a), keras.ops.mean(a)),
        ("maximum", np.maximum(a, 0.1), keras.ops.maximum(a, np.asarray(0.1, subject.dtype))),
        ("matmul", a @ b, keras.ops.matmul(a, b)),
    ):
        got = np.asarray(keras.ops.convert_to_numpy(theirs))
        size = (np.abs(a) @ np.abs(b)).max() if name == "matmul" else 1.0
        close("an operation keeps its precision", name, got, ours, budget * size)
        must("an operation keeps its precision", got.dtype == subject.dtype, f"{name}: {got.dtype}")


def test_operations_keep_the_precision(subject: Subject, keras: Any) -> None:
    check_precision(subject, keras)


def test_the_check_can_fail(subject: Subject, keras: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if subject.dtype == "float64" and keras.backend.backend() != "tensorflow":
        dtypes = import_module("keras.src.backend.common.dtypes")
        monkeypatch.setitem(dtypes.BIT64_TO_BIT32_DTYPE, "float64", "float32")
        with pytest.raises(AssertionError):
            check_precision(subject, keras)
