"""Helpers: runs of a few steps on NumPy, and strategies for arrays of any floats.

Code that judges a diverging run is tested with such floats; pytest turns every warning into an
error.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from adapters.contract import SGD, Adam, Array, Dense, Model, Net, Optimizer, Params
from adapters.numpy_adapter import MODEL
from compare.diverge.sketch import Quantity, Sketch, sketch
from course import card, probes
from course.randomness import initial_weights
from course.training import Run, train

Record = tuple[dict[str, Array], dict[str, Any]]

# Every optimizer and loss that a lesson trains with.
KINDS: dict[str, tuple[Net, Optimizer]] = {
    "plain": (Net((Dense(4, 3),), "softmax", l2=0.1), SGD(0.25)),
    "momentum": (Net((Dense(4, 5, "relu"), Dense(5, 3)), "softmax"), SGD(0.25, 0.5)),
    "nesterov": (Net((Dense(4, 2),), "squared"), SGD(0.125, 0.75, nesterov=True)),
    "adam": (Net((Dense(4, 5, "tanh"), Dense(5, 2)), "logistic", l2=0.1), Adam(0.01, 0.75, 0.9)),
}


def backend(dtype: str) -> type[Model]:
    """NumPy's model class in this precision; `load` would settle the process on one."""
    return type("Numpy", (MODEL,), {"dtype": dtype, "device": "cpu", "threads": 1})


def run_of(kind: str, dtype: str, *, seed: int = 3, initial: Params | None = None) -> Run:
    """A run of two epochs of three batches, the last one smaller; trained."""
    net, optimizer = KINDS[kind]
    rng = np.random.default_rng(0)
    x = rng.normal(size=(8, 4)).astype(dtype)
    y = rng.integers(0, 3, 8) if net.loss == "softmax" else rng.integers(0, 2, (8, net.n_out))
    run = Run(
        kind, net, optimizer, initial_weights(net, seed) if initial is None else initial,
        epochs=2, batch_size=3, seed=seed, shuffle=True, lower_by=1.0, x=x,
        y=y if net.loss == "softmax" else y.astype(dtype),
    )  # fmt: skip
    return train(run, backend(dtype))


def record_of(run: Run, lesson: int = 4) -> Record:
    """What a lesson with this run alone records of it, as far as it is judged."""
    assert run.model is not None
    arrays = probes.of_run(run, run.model)
    arrays |= {f"{run.name}/losses": run.losses}
    arrays |= {f"{run.name}/param_{i}": p for i, p in enumerate(run.params)}
    hashes = {"data": "d", "initial_weights": "w", "batch_order": "b"}
    detail = card._run(run, None)
    return arrays, {"lesson": lesson, "dtype": str(run.losses.dtype), "seed": run.seed,
                    "hashes": hashes, "accuracy": None, "runs": {run.name: detail}}  # fmt: skip


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
