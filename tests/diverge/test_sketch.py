"""A sketch shows the differences that a comparison of the whole arrays shows."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.diverge.sketch import SUMS, Quantity, Sketch, sketch

# ‖sketch‖² has mean ‖Δ‖² and a standard deviation of √(2/64) of it, 0.18; its root, of half that:
# five of them.
SIX_SIGMA = 0.45


def sketch_of(array: np.ndarray) -> Sketch:
    return sketch(Quantity(0, "update", "W0", array))


@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_the_distance_is_estimated(rows: int, columns: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, rows, columns))
    true = float(np.linalg.norm(a - b))
    assert sketch_of(a).distance(sketch_of(b)) == pytest.approx(true, rel=SIX_SIGMA)


@given(st.integers(1, 100_000), st.integers(0, 2**32 - 1), st.floats(1e-9, 1e3))
def test_one_wrong_entry_shows_with_its_full_size(size: int, seed: int, gap: float) -> None:
    rng = np.random.default_rng(seed)
    a = rng.normal(size=size)
    b = a.copy()
    b[rng.integers(size)] += gap
    # what the sums lose by rounding: ε of a sum of size/64 terms of size 1, in each of two
    rounding = 1e-13 * max(1.0, (size / SUMS) ** 0.5)
    assert sketch_of(a).distance(sketch_of(b)) == pytest.approx(gap, rel=1e-6, abs=rounding)


@given(st.integers(1, SUMS), st.integers(0, 2**32 - 1))
def test_a_small_array_is_stored_completely(size: int, seed: int) -> None:
    a = np.random.default_rng(seed).normal(size=size)
    np.testing.assert_array_equal(np.abs(sketch_of(a).sums[:size]), np.abs(a))


def test_swapped_entries_are_seen_though_their_norm_is_not() -> None:
    a = np.arange(784.0).reshape(28, 28)
    assert sketch_of(a).norm == pytest.approx(sketch_of(a.T).norm)
    transposed = sketch_of(np.ascontiguousarray(a.T))
    assert sketch_of(a).distance(transposed) > 0.5 * np.linalg.norm(a - a.T)


def test_equal_arrays_have_distance_0_and_other_shapes_infinity() -> None:
    a = np.ones((3, 4))
    assert sketch_of(a).distance(sketch_of(a.copy())) == 0
    assert sketch_of(a).distance(sketch_of(np.ones((4, 3)))) == np.inf
    assert sketch_of(a).distance(sketch_of(np.full((3, 4), np.nan))) == np.inf


def test_the_digest_depends_on_values_not_on_memory_layout() -> None:
    a = np.arange(12.0).reshape(3, 4)
    assert sketch_of(a).digest == sketch_of(np.asfortranarray(a)).digest
    assert sketch_of(a).digest == sketch_of(a.astype(">f8")).digest
    assert sketch_of(a).digest == sketch_of(a.astype(np.float32)).digest  # each is a float32
    assert sketch_of(a / 3).digest != sketch_of((a / 3).astype(np.float32)).digest
    assert sketch_of(a).digest != sketch_of(a.reshape(4, 3)).digest
