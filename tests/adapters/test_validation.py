"""Arguments are checked and copied: the limits of what is accepted."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from numpy.lib.stride_tricks import as_strided

from adapters.contract import SGD, Adam, Dense, Net, ShapeError
from adapters.validation import _laid_out, as_batch, as_order, as_state, in_batches

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
