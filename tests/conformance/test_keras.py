"""Keras alone: constants reach it unrounded, and its defaults are those of lesson 5's recipe."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Dense, Net
from adapters.laws.comparing import close, equal, must
from adapters.laws.subject import Subject
from adapters.laws.tolerances import EXACT_CONSTANT
from injections import optimizer_rules


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


FAN_IN, FAN_OUT = 400, 300
# Of 120,000 uniform draws the largest misses its bound by a hundred-thousandth of it, on average.
REACHED = 1 - 1e-3
# Keras computes 1 − β₂ᵗ in float32 where the run does, with a relative error of 1e-5 in the first
# step; a step is 1e-3. The other place of ε is off by 1e-4.
STOCK_ADAM = 1e-6


def test_the_live_defaults_are_those_of_the_recipe(subject: Subject) -> None:
    defaults = subject.cls.DEFAULTS
    assert defaults["kernel_initializer"] == "glorot_uniform"
    assert defaults["bias_initializer"] == "zeros"
    assert defaults["shuffle"] is True
    assert defaults["reduction"] == "sum_over_batch_size"
    assert defaults["adam"]["epsilon"] == 1e-7
    assert defaults["adam"]["weight_decay"] is None


def test_kernels_start_uniform_and_biases_at_zero(keras: Any) -> None:
    layer = keras.layers.Dense(FAN_OUT)
    layer.build((None, FAN_IN))
    kernel, bias = (np.abs(keras.ops.convert_to_numpy(w)) for w in layer.weights)
    bound = (6 / (FAN_IN + FAN_OUT)) ** 0.5
    assert REACHED * bound < kernel.max() <= bound * (1 + 1e-6)  # the bound itself is rounded
    assert kernel.mean() == pytest.approx(bound / 2, rel=0.01)
    assert not bias.any()


def test_the_penalty_has_no_half(keras: Any) -> None:
    kernel = keras.ops.convert_to_tensor([[1.0, 2.0], [2.0, 4.0]])
    penalty = float(keras.regularizers.L2(0.1)(kernel))
    assert penalty == pytest.approx(0.1 * 25)


def test_adam_has_its_epsilon_before_the_correction(keras: Any, subject: Subject) -> None:
    rng = np.random.default_rng(0)
    w = rng.normal(size=5)
    gradients = 1e-7 * rng.normal(size=(4, 5))  # so small that the place of ε decides
    weights = keras.Variable(w.astype(subject.dtype))
    optimizer = keras.optimizers.Adam()
    optimizer.build([weights])
    slots = [np.zeros(5), np.zeros(5)]
    for t, gradient in enumerate(gradients, 1):
        optimizer.apply([keras.ops.convert_to_tensor(gradient.astype(subject.dtype))])
        rule = Adam(epsilon=subject.cls.DEFAULTS["adam"]["epsilon"])
        w, slots = optimizer_rules.adam(rule, w, gradient, slots, t, "before")
    assert np.abs(keras.ops.convert_to_numpy(weights) - w).max() <= STOCK_ADAM
