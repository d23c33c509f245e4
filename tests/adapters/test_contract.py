"""Networks and optimizers as data: the last valid value of each setting, and the first invalid."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from adapters.contract import SGD, Adam, Dense, Net, SettingsError, ShapeError, is_count, require

LINE = (Dense(2, 1),)


def test_a_condition_that_holds_is_no_error() -> None:
    require(True, "never")
    with pytest.raises(SettingsError, match="message"):
        require(False, "message")
    with pytest.raises(ShapeError, match="message"):
        require(False, "message", ShapeError)


@pytest.mark.parametrize(
    ("value", "counts"),
    [(3, True), (np.int8(3), True), (True, False), (np.True_, False), (3.0, False), ("3", False)],
)
def test_whole_numbers(value: object, counts: bool) -> None:
    assert is_count(value) is counts


def test_a_layer_has_an_input_and_an_output() -> None:
    assert Dense(1, 1).activation == "identity"
    for wrong in ((0, 1), (1, 0), (-1, 1), (1, 1.5), (True, 1), ("2", 1)):
        sizes: Any = wrong
        with pytest.raises(ShapeError, match="1 input and 1 output or more"):
            Dense(*sizes)


def test_a_network_is_a_chain_of_layers() -> None:
    net = Net((Dense(3, 4, "relu"), Dense(4, 2)), "softmax")
    assert (net.n_in, net.n_out, net.l2) == (3, 2, 0.0)
    assert net.shapes == [(3, 4), (4,), (4, 2), (2,)]
    three = Net((Dense(3, 4), Dense(4, 5), Dense(5, 2)), "softmax")
    assert (three.n_in, three.n_out) == (3, 2)
    with pytest.raises(ShapeError, match="4 outputs cannot feed one with 5"):
        Net((Dense(3, 4), Dense(5, 2)), "softmax")
    with pytest.raises(ShapeError, match="at least one layer"):
        Net((), "softmax")
    for wrong in (3, Dense(3, 4), (Dense(3, 4), "relu"), {Dense(3, 4)}):
        layers: Any = wrong
        with pytest.raises(ShapeError, match="a tuple of Dense"):
            Net(layers, "softmax")


def test_unknown_names_are_refused() -> None:
    unknown: Any = "gelu"
    with pytest.raises(SettingsError, match="unknown activation 'gelu'"):
        Dense(1, 1, unknown)
    with pytest.raises(SettingsError, match="unknown loss 'gelu'"):
        Net(LINE, unknown)


def test_settings_at_their_bounds() -> None:
    assert Net(LINE, "squared", 0).l2 == 0
    assert SGD(1e-300).momentum == 0
    assert SGD(0.1, 0.999, nesterov=True).slots == ("velocity",)
    assert SGD(0.1).slots == ()
    assert SGD(0.1).nesterov is False
    assert Adam(0.1, 0, 0).slots == ("first_moment", "second_moment")
    assert dataclasses.astuple(Adam()) == (0.001, 0.9, 0.999, 1e-8)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Net(LINE, "squared", -1e-9), "l2 is"),
        (lambda: Net(LINE, "squared", float("nan")), "l2 is"),
        (lambda: Net(LINE, "squared", float("inf")), "l2 is"),
        (lambda: SGD(0), "learning rate is"),
        (lambda: SGD(-1), "learning rate is"),
        (lambda: SGD(float("inf")), "learning rate is"),
        (lambda: SGD(0.1, 1), "momentum is"),
        (lambda: SGD(0.1, -0.1), "momentum is"),
        (lambda: SGD(0.1, float("nan")), "momentum is"),
        (lambda: SGD(0.1, nesterov=True), "Nesterov needs"),
        (lambda: Adam(0), "learning rate is"),
        (lambda: Adam(0.1, 1), "beta_1 is"),
        (lambda: Adam(0.1, -0.1), "beta_1 is"),
        (lambda: Adam(0.1, 0.9, 1), "beta_2 is"),
        (lambda: Adam(0.1, 0.9, -0.1), "beta_2 is"),
        (lambda: Adam(0.1, epsilon=0), "epsilon is"),
        (lambda: Adam(0.1, epsilon=-1), "epsilon is"),
        (lambda: Adam(0.1, epsilon=float("inf")), "epsilon is"),
    ],
)
def test_settings_past_their_bounds(make: Any, message: str) -> None:
    with pytest.raises(SettingsError, match=message):
        make()


@pytest.mark.parametrize("value", ["x" * 100, [1], None, 10**400])
def test_values_that_are_not_numbers_are_named_and_shortened(value: Any) -> None:
    with pytest.raises(SettingsError, match="it must be a number") as refused:
        SGD(value)
    assert str(refused.value).startswith(f"learning_rate is {str(value)[:60]!r}: ")
    assert refused.value.__cause__ is None
    assert refused.value.__suppress_context__


def test_numpy_floats_become_python_floats() -> None:
    rate: Any = np.float64(0.1)
    for settings in (SGD(rate, rate), Adam(rate, rate, rate, rate), Net(LINE, "squared", rate)):
        values = [v for v in vars(settings).values() if isinstance(v, float)]
        assert values
        assert all(type(value) is float for value in values)


@pytest.mark.parametrize("settings", [Dense(1, 1), Net(LINE, "squared"), SGD(0.1), Adam()])
def test_settings_cannot_be_changed_and_equal_ones_are_one(settings: Any) -> None:
    name = dataclasses.fields(settings)[0].name
    with pytest.raises(dataclasses.FrozenInstanceError):
        setattr(settings, name, 2)
    assert {settings, dataclasses.replace(settings)} == {settings}


def test_the_abstract_methods_of_a_model() -> None:
    from adapters.contract import Model

    assert Model.__abstractmethods__ == {
        "optimizer_source", "__init__", "params", "assign", "forward", "activations", "loss",
        "gradients", "step", "epoch", "state", "restore", "derivative",
    }  # fmt: skip
    assert isinstance(vars(Model)["optimizer_source"], property)
    assert isinstance(vars(Model)["derivative"], staticmethod)
