"""Networks, optimizers and arguments: the last valid value of each, and the first invalid."""

from __future__ import annotations

import dataclasses
import warnings
from typing import Any

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from adapters.contract import SGD, Adam, Dense, Net, SettingsError, ShapeError, is_count, require
from adapters.validation import _laid_out, as_batch, as_order, as_state, in_batches

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
        with pytest.raises(ShapeError, match="a tuple of layers"):
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


NET = Net((Dense(2, 3),), "softmax")
STATE = {
    "param_0": np.array([[1.0, 0.0, -2.0], [0.5, 0.0, 0.0]]),
    "param_1": np.array([0.0, 1.0, 2.0]),
    "velocity_0": np.ones((2, 3)),
    "velocity_1": np.zeros(3),
}


def test_missing_remainders_are_zero() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state = as_state(NET, SGD(0.1, 0.9), STATE, "float32")
    names = {*STATE, "step"}
    assert set(state) == names | {f"{name}_remainder" for name in names}
    assert state["step"] == 0, "SGD counts nothing"
    for name, array in STATE.items():
        rest = state[f"{name}_remainder"]
        assert rest.dtype == np.float32
        assert rest.tolist() == np.zeros(array.shape).tolist()


def test_remainders_are_kept_and_copied() -> None:
    rest = np.full((2, 3), 0.25)
    state = as_state(NET, SGD(0.1, 0.9), STATE | {"velocity_0_remainder": rest}, "float64")
    assert state["velocity_0_remainder"].tolist() == rest.tolist()
    assert not np.shares_memory(state["velocity_0_remainder"], rest)


def test_a_step_count_may_be_zero() -> None:
    moments = {k.replace("velocity", kind): v for kind in ("first_moment", "second_moment")
               for k, v in STATE.items()}  # fmt: skip
    for step in (0, 7):
        complete = STATE | moments | {"step": np.array(step, np.uint8)}
        state = as_state(NET, Adam(), complete, "float64")
        assert (state["step"].dtype, int(state["step"])) == (np.int64, step)
    with pytest.raises(ShapeError, match="step is -1"):
        as_state(NET, Adam(), STATE | moments | {"step": np.array(-1)}, "float64")


def test_a_batch_is_at_least_one_row_and_at_most_the_order() -> None:
    for size, taken in ((1, 1), (3, 3), (4, 3), (10**30, 3)):
        order, batch_size = as_order(np.array([2, 0, 2]), 3, size)
        assert (order.tolist(), batch_size, type(batch_size)) == ([2, 0, 2], taken, int)
    for size in (0, -1, True, 1.0):
        with pytest.raises(ShapeError, match="batch_size is"):
            as_order(np.array([0]), 3, size)  # type: ignore[arg-type]
    for order in ([3], [-1], []):
        with pytest.raises(ShapeError, match=r"outside 0 … 2|at least 1"):
            as_order(np.array(order, int), 3, 1)


def test_labels_run_from_zero_to_the_last_class() -> None:
    x = np.zeros((3, 2))
    assert as_batch(NET, x, np.array([0, 1, 2]), "float32")[1].dtype == np.int64
    for wrong in ([0, 1, 3], [-1, 0, 1]):
        with pytest.raises(ShapeError, match="a label outside 0 … 2"):
            as_batch(NET, x, np.array(wrong), "float32")


def test_rows_have_the_shape_of_the_network() -> None:
    for shape in ((), (2,), (0, 2), (1, 3), (1, 2, 1)):
        with pytest.raises(ShapeError, match=r"this network takes \(n, 2\) with n at least 1"):
            as_batch(NET, np.zeros(shape), np.zeros(1, int), "float32")


def test_inputs_are_copied_only_in_another_layout() -> None:
    x, y = np.arange(4.0).reshape(2, 2), np.array([0, 1])
    plain = as_batch(NET, x, y, "float64")
    assert all(np.shares_memory(ours, theirs) for ours, theirs in zip(plain, (x, y), strict=True))
    backwards = x[:1][::-1]  # one row, with a negative stride
    for stride in (0, backwards.strides[0]):
        one = as_strided(backwards, strides=(stride, 8))
        (laid_out, _) = as_batch(NET, one, y[:1], "float64")
        assert not np.shares_memory(laid_out, x)
        assert min(laid_out.strides) > 0


def test_along_a_side_of_one_the_stride_is_the_usual() -> None:
    column = as_strided(np.ones((3, 1)), strides=(8, 24))  # still contiguous for NumPy
    assert column.flags.carray
    assert _laid_out(column, "float64").strides == (8, 8)


def test_arrays_of_bytes_are_not_copied() -> None:
    small = np.zeros(3, np.int8)
    assert _laid_out(small, np.int8) is small


def test_overflow_to_float32_gives_infinity_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        x, _ = as_batch(NET, np.full((1, 2), 1e300), np.array([0]), "float32")
    assert np.isinf(x).all()


@pytest.mark.parametrize(
    ("rows", "batch_size", "shapes"),
    [(7, 3, [(2, 3), (1, 1)]), (6, 3, [(2, 3)]), (3, 3, [(1, 3)]), (5, 4, [(1, 4), (1, 1)])],
)
def test_batches_of_one_shape_and_the_rest(
    rows: int, batch_size: int, shapes: list[tuple[int, int]]
) -> None:
    order = np.random.default_rng(0).permutation(rows)
    batches = in_batches(order, batch_size)
    assert [part.shape for part in batches] == shapes
    assert np.array_equal(np.concatenate([part.ravel() for part in batches]), order)
