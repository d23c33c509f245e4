"""Keras's defaults are those that lesson 5 calls its recipe."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest

from adapters.contract import Adam
from adapters.laws.subject import Subject
from injections import optimizer_rules

FAN_IN, FAN_OUT = 400, 300
# Of 120,000 uniform draws the largest misses its bound by a hundred-thousandth of it, on average.
REACHED = 1 - 1e-3
# Keras computes 1 − β₂ᵗ in float32 where the run does, with a relative error of 1e-5 in the first
# step; a step is 1e-3. The other place of ε is off by 1e-4.
STOCK_ADAM = 1e-6


@pytest.fixture
def keras(subject: Subject) -> Any:
    """The module, once the backend has been loaded."""
    assert subject.cls.backend.startswith("keras")
    return import_module("keras")


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
