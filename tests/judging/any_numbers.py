"""Strategies for arrays of any floats: zeros of both signs, extremes, infinities, NaN.

Code that judges a diverging run is tested with them; pytest turns every warning into an error.
"""

from __future__ import annotations

import math

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from adapters.contract import Array
from compare.diverge.sketch import Quantity, Sketch, sketch

INF, NAN = math.inf, math.nan
ROUNDED = 1e-12  # of a norm: some ε of at most 100 squares, and of a root
often = settings(max_examples=60)

WIDTHS = {"float64": 64, "float32": 32}
EDGES = [0.0, -0.0, 1.0, -1.0, INF, -INF, NAN]


def numbers(dtype: str) -> st.SearchStrategy[float]:
    """Every float of a dtype, its ends more often than by chance."""
    info = np.finfo(dtype)
    ends = [float(x) for x in (info.max, info.min, info.tiny, info.smallest_subnormal)]
    return st.sampled_from([*EDGES, *ends]) | st.floats(width=WIDTHS[dtype])


def any_array(dtype: str = "float64", most: int = 6, dims: int = 2) -> st.SearchStrategy[Array]:
    """Arrays of any such numbers."""
    return arrays(dtype, array_shapes(max_dims=dims, max_side=most), elements=numbers(dtype))


def pairs(dtype: str = "float64") -> st.SearchStrategy[tuple[Array, Array]]:
    """Two arrays of one shape, which often share entries."""
    shapes = array_shapes(max_dims=2, max_side=5)

    def two(shape: tuple[int, ...]) -> st.SearchStrategy[tuple[Array, Array]]:
        one = arrays(dtype, shape, elements=numbers(dtype))
        swapped = arrays(bool, shape)
        return st.tuples(one, one, swapped).map(lambda t: (t[0], np.where(t[2], t[0], t[1])))

    return shapes.flatmap(two)


def of(array: Array, stage: str = "update", tensor: str = "W0", step: int = 0) -> Sketch:
    return sketch(Quantity(step, stage, tensor, array))


def equal(a: Array, b: Array) -> bool:
    """Equality by entry, with NaN equal to itself."""
    return bool(np.array_equal(a, b, equal_nan=True))
