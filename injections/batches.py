"""Injections into the batches: other rows, other orders, other sizes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import numpy as np

from adapters.contract import Array, Model
from injections.injection import Injection, Loop, override
from injections.run_spec import RunSpec

OTHER = 2**32 - 3  # the seed of another shuffle than the course's

Reorder = Callable[[RunSpec, list[Array]], list[Array]]


def _epochs(spec: RunSpec) -> list[Array]:
    """The order of each epoch."""
    per_epoch = spec.steps_per_epoch
    starts = range(0, len(spec.batches), per_epoch)
    return [np.concatenate(spec.batches[i : i + per_epoch]) for i in starts]


def _in_batches(orders: list[Array], size: int) -> tuple[Array, ...]:
    return tuple(order[i : i + size] for order in orders for i in range(0, len(order), size))


def _reordered(reorder: Reorder) -> Callable[[RunSpec], RunSpec]:
    def change(spec: RunSpec) -> RunSpec:
        orders = reorder(spec, _epochs(spec))
        batches = _in_batches(orders, len(spec.batches[0]))
        return replace(spec, batches=batches, labels=batches)

    return change


def _other_size(spec: RunSpec) -> RunSpec:
    size = len(spec.batches[0]) // 2
    orders = _epochs(spec)
    batches = _in_batches(orders, size)
    return replace(
        spec, batches=batches, labels=batches, steps_per_epoch=-(-len(orders[0]) // size),
        lowered_from=spec.lowered_from // spec.steps_per_epoch * -(-len(orders[0]) // size),
    )  # fmt: skip


def _without_last(spec: RunSpec) -> RunSpec:
    size = len(spec.batches[0])
    whole = tuple(b for b in spec.batches if len(b) == size)
    per_epoch = spec.steps_per_epoch - 1
    lowered = spec.lowered_from // spec.steps_per_epoch * per_epoch
    return replace(
        spec, batches=whole, labels=whole, steps_per_epoch=per_epoch, lowered_from=lowered
    )


def _labels_left_behind(spec: RunSpec) -> RunSpec:
    stored = [np.arange(len(order)) for order in _epochs(spec)]
    return replace(spec, labels=_in_batches(stored, len(spec.batches[0])))


def _drawn(spec: RunSpec, orders: list[Array]) -> list[Array]:
    return [
        np.random.default_rng([spec.seed, epoch, OTHER]).permutation(len(order))
        for epoch, order in enumerate(orders)
    ]


def _shuffles(spec: RunSpec) -> bool:
    order = np.concatenate(spec.batches[: spec.steps_per_epoch])
    return not np.array_equal(order, np.arange(len(order)))


def _in_parts(spec: RunSpec) -> bool:
    return spec.steps_per_epoch > 1


def _has_short_batch(spec: RunSpec) -> bool:
    return _in_parts(spec) and len({len(b) for b in spec.batches}) > 1


def _orders_differ(spec: RunSpec) -> bool:
    return any(not np.array_equal(a, b) for a, b in pairwise(_epochs(spec)))


def _fit_shuffles(
    model: Model, loop: Loop, x: Array, y: Array, order: Array, batch_size: int
) -> Array:
    rng = np.random.default_rng([OTHER, len(order)])
    return loop(x, y, rng.permutation(order), batch_size)


def _running_mean(
    model: Model, loop: Loop, x: Array, y: Array, order: Array, batch_size: int
) -> Array:
    losses = loop(x, y, order, batch_size)
    per_epoch = -(-len(x) // batch_size)  # several epochs may come in one call
    epochs = np.split(losses, range(per_epoch, len(losses), per_epoch))
    means = [np.cumsum(epoch) / np.arange(1, len(epoch) + 1) for epoch in epochs]
    return np.concatenate(means).astype(losses.dtype)


def _loop_drops_last(
    model: Model, loop: Loop, x: Array, y: Array, order: Array, batch_size: int
) -> Array:
    return loop(x, y, order[: len(order) // batch_size * batch_size], batch_size)


INJECTIONS = [
    Injection(
        "not_shuffled", "{backend} visits the rows in the order they are stored in",
        "Shuffle in both with the same permutation: PyTorch's DataLoader does not unless told.",
        _reordered(lambda spec, orders: [np.arange(len(o)) for o in orders]), _shuffles,
        entry="fit_shuffles",
    ),
    Injection(
        "another_shuffle", "{backend} shuffles the rows with a generator of its own",
        "Draw the order once, outside both frameworks, and switch their shuffling off.",
        _reordered(_drawn), _in_parts, entry="same_seed",
    ),
    Injection(
        "same_order_each_epoch", "{backend} repeats the order of the first epoch",
        "Shuffle before every epoch, or in none.",
        _reordered(lambda spec, orders: [orders[0]] * len(orders)), _orders_differ,
    ),
    Injection(
        "last_batch_dropped", "{backend} leaves out the last batch where it is not full",
        "Set drop_last (PyTorch) or drop_remainder (TensorFlow) to the same in both.",
        _without_last, _has_short_batch, entry="last_partial_batch",
    ),
    Injection(
        "half_the_batch_size", "{backend} makes batches of half the size",
        "State batch_size in both: Keras's fit takes 32 by default, PyTorch's DataLoader 1.",
        _other_size, lambda r: len(r.batches[0]) > 1 and _in_parts(r), entry="default_batch_size",
    ),
    Injection(
        "labels_left_behind", "{backend} shuffles the inputs but not their labels",
        "Index both with the same permutation.",
        _labels_left_behind, _shuffles,
    ),
    Injection(
        "fit_shuffles_again", "{backend}'s epoch shuffles the rows once more",
        "Pass shuffle=False where the order is already drawn.",
        lambda r: override(r, epoch=_fit_shuffles), _in_parts, entry="fit_shuffles",
    ),
    Injection(
        "running_mean_of_losses",
        "{backend}'s epoch reports the mean of the losses so far, as Keras's progress bar does",
        "Record the loss of each batch, or evaluate at the end.",
        lambda r: override(r, epoch=_running_mean), _in_parts, entry="epoch_loss_is_a_running_mean",
    ),
    Injection(
        "loop_drops_last_batch", "{backend}'s epoch leaves out the last batch",
        "Set drop_last (PyTorch) or drop_remainder (TensorFlow) to the same in both.",
        lambda r: override(r, epoch=_loop_drops_last), _has_short_batch, entry="last_partial_batch",
    ),
]  # fmt: skip
