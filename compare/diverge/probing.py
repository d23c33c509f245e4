"""Questions to one side about itself: does it draw random numbers, in which order does it go?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from adapters.contract import Array, Model
from compare.diverge.replaced import contract_loss
from injections import RunSpec
from injections.losses import penalty

STILL = 1e-9  # of the learning rate: the weights move by less than any loss shows
WEIGHTS = 2**32 - 7  # the seed of weights that tell rows apart, which zeros would not
PAIRINGS = 200  # of rows and labels dealt at random, for their mean loss and its spread


def random_calls(spec: RunSpec) -> list[str]:
    """What differs between two calls from the same weights, on the same batch."""
    x, y = spec.batch(0)
    models = [spec.Model(spec.net, spec.initial, spec.optimizer) for _ in range(2)]
    found = []
    if not _same(*(model.params() for model in models)):
        found.append("initial weights")
    weights = other_weights(spec)
    model = models[0]
    model.assign(weights)
    calls: dict[str, Callable[[], Any]] = {
        "layer outputs": lambda: model.activations(x),
        "loss": lambda: [np.array(model.loss(x, y))],
        "gradients": lambda: model.gradients(x, y),
    }
    found += [name for name, call in calls.items() if not _same(call(), call())]
    losses = []
    for each in models:
        each.assign(weights)
        losses.append(np.array(each.step(x, y)))
    if not _same(*([loss] for loss in losses)):
        found.append("loss of the step")
    return found


def other_weights(spec: RunSpec) -> list[Array]:
    """Weights that are not zero, each kernel with outputs of about size one."""
    rng = np.random.default_rng(WEIGHTS)
    return [
        (rng.normal(size=p.shape) / (parameter.fans[0] if parameter.fans else 1) ** 0.5)
        .astype(spec.Model.dtype)
        for p, parameter in zip(spec.initial, spec.net.parameters, strict=True)
    ]  # fmt: skip


def still_epoch(spec: RunSpec, numpy: type[Model]) -> dict[str, Any]:
    """The losses of two epochs that hardly move the weights, and those of the order given."""
    order = np.concatenate(spec.batches[: spec.steps_per_epoch])
    size = len(spec.batches[0])
    still = replace(spec.optimizer, learning_rate=spec.optimizer.learning_rate * STILL)
    weights = other_weights(spec)
    model = spec.Model(spec.net, spec.initial, still)
    model.assign(weights)
    losses = [np.asarray(model.epoch(spec.x, spec.y, order, size), float) for _ in range(2)]
    reference = numpy(spec.net, weights, still)
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    scores = reference.forward(spec.x[order])
    rng, rest = np.random.default_rng(WEIGHTS), penalty(reference)
    dealt = [
        contract_loss(spec.net, scores, spec.y[rng.permutation(order)]) + rest
        for _ in range(PAIRINGS)
    ]
    return {
        "losses": [each.tolist() for each in losses],
        "expected": [reference.loss(spec.x[rows], spec.y[rows]) for rows in batches],
        "sizes": [len(rows) for rows in batches],
        "paired": float(np.mean(dealt)), "deviation": float(np.std(dealt)) or 1.0,
    }  # fmt: skip


def _same(one: list[Array], other: list[Array]) -> bool:
    return len(one) == len(other) and all(
        np.array_equal(a, b, equal_nan=True) for a, b in zip(one, other, strict=True)
    )
