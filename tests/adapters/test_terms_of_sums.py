"""How many terms each long sum of a layer has, of which its rounding depends, counted by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.contract import Array, Layer, Params
from adapters.laws.layer_bounds import RULES
from adapters.laws.picture_bounds import seen
from adapters.laws.rounding import Rounded, Rounding
from adapters.layers import Attention, Conv2D, Embedding, LayerNorm, Pool2D, Positions

EPS = 2.0**-20
ROWS, LENGTH = 2, 5


@dataclass(frozen=True)
class Counting(Rounding):
    """It notes how many terms each long sum is said to have."""

    eps: float = EPS
    is_likely: bool = True
    terms: list[int] = field(default_factory=list)

    def summed(self, n: int) -> float:
        self.terms.append(n)
        return super().summed(n)

    def of(self, layer: Layer, own: Params, x: Array) -> tuple[list[int], list[int], Array]:
        """The terms of the forward and of the backward pass, and the output."""
        done = RULES[type(layer)][0](layer, own, Rounded(x, 0 * x), self)
        forward = self.terms.copy()
        g = Rounded(np.ones(done.gave.value.shape), np.zeros(done.gave.value.shape))
        RULES[type(layer)][1](layer, done, g, self)
        return forward, self.terms[len(forward) :], done.gave.value


@given(
    st.integers(1, 4), st.integers(1, 4), st.sampled_from(["valid", "same"]), st.integers(1, 3),
    st.integers(1, 3),
)  # fmt: skip
def test_a_sum_over_windows_has_so_many_terms(
    size: int, stride: int, padding: Any, n_in: int, n_out: int
) -> None:
    """Of an output, of the kernel's gradient, of the bias's, and of the gradient by a pixel."""
    layer, shape = Conv2D(n_in, n_out, size, stride, padding), (13, 17, n_in)
    index = seen(layer, shape)
    on_one_pixel = int(np.bincount(index[index < 13 * 17]).max())
    places = 2 * index.shape[0] * index.shape[1]
    w = np.ones((size, size, n_in, n_out))
    forward, backward, gave = Counting().of(layer, [w, np.ones(n_out)], np.ones((2, *shape)))
    assert gave.size == places * n_out
    assert forward == [w[..., 0].size + 1]  # and the bias
    assert sorted(backward) == sorted([places, places + 1, on_one_pixel * n_out + 1])
    pool = Pool2D("mean", size, stride, padding)
    assert Counting().of(pool, [], np.ones((2, *shape)))[:2] == ([size**2 + 1], [on_one_pixel + 1])
    pool = Pool2D("max", size, stride, padding)
    assert Counting().of(pool, [], np.ones((2, *shape)))[:2] == ([], [on_one_pixel + 1])


def test_a_row_of_a_table_sums_over_the_places_of_its_word() -> None:
    words = np.array([[0, 1, 1], [1, 3, 0]])
    forward, backward, gave = Counting().of(Embedding(4, 2), [np.ones((4, 2))], words)
    assert (forward, backward, gave.shape) == ([], [2, 3, 0, 1], (2, 3, 2))


def test_a_position_sums_over_the_rows() -> None:
    x = np.ones((ROWS, LENGTH, 3))
    assert Counting().of(Positions(LENGTH, 3), [np.ones((LENGTH, 3))], x)[:2] == ([], [ROWS])


def test_a_layer_norm_sums_over_the_width() -> None:
    """The mean, one division more; the variance, a square and a division more."""
    x = np.arange(ROWS * LENGTH * 3.0).reshape(ROWS, LENGTH, 3)
    forward, backward, _ = Counting().of(LayerNorm(3), [np.ones(3), np.ones(3)], x)
    assert forward == [3 + 1, 3 + 2]
    of_places = ROWS * LENGTH
    assert sorted(backward) == sorted([3 + 2, of_places + 2, of_places])  # input, scale, bias


@pytest.mark.parametrize("heads", [1, 2, 3])
def test_an_attention_sums_over_width_head_and_length(heads: int) -> None:
    width = 12
    head, places = width // heads, ROWS * LENGTH
    x = np.random.default_rng(0).normal(size=(ROWS, LENGTH, width))
    own = [np.eye(width) + 0.1 * i for i in range(4)]
    forward, backward, _ = Counting().of(Attention(width, heads), own, x)
    # Query, key, value and output; the scores, with a root and a division; the shares; the values.
    assert sorted(forward) == sorted([width + 1] * 4 + [head + 3, LENGTH, LENGTH + 1])
    # Back through the output; by the shares; through the softmax; by query, key and value; the
    # kernels, each over all places; and three ways back to the input.
    through = max(LENGTH, head) + 3
    assert sorted(backward) == sorted(
        [width + 1] * 4 + [head + 1, through] + [LENGTH + 1] * 3 + [places + 1] * 4
    )
