"""Runs of a few steps on NumPy, in this process, in either precision, with their probes."""

from __future__ import annotations

from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Model, Net, Optimizer, Params
from adapters.numpy_adapter import MODEL
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
    return arrays, {"lesson": lesson, "dtype": str(run.x.dtype), "seed": run.seed,
                    "hashes": hashes, "accuracy": None, "runs": {run.name: detail}}  # fmt: skip
