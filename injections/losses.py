"""Injections into the loss: sums for means, penalties, targets."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.contract import Array, Model, Optimizer, Params
from injections.injection import (
    Define,
    Injection,
    count_of_losses,
    has_penalty,
    has_softmax,
    override,
)
from injections.optimizer_rules import Slots
from injections.reference_network import Definition, cross_entropy, softmax
from injections.run_spec import RunSpec

SMOOTHING = 0.1  # the share of a label that is spread over all classes


def penalty(model: Model, share: float = 1.0) -> float:
    params = model.params()
    kernels = [params[i] for i in model.net.penalized]
    return 0.5 * share * model.net.l2 * sum(float((w * w).sum()) for w in kernels)


def pull(model: Model, share: float = 1.0) -> Params:
    """The penalty's part of each gradient."""
    strength = share * model.net.l2
    reached = [parameter.is_penalized for parameter in model.net.parameters]
    both = zip(model.params(), reached, strict=True)
    return [strength * p if is_reached else np.zeros_like(p) for p, is_reached in both]


def _scaled(spec: RunSpec, scale: Callable[[int], float]) -> RunSpec:
    """Multiply the loss, without its penalty, by scale of how many losses it averages."""

    def loss(model: Model, x: Array, y: Array, value: float) -> float:
        rest = penalty(model)
        return (value - rest) * scale(count_of_losses(model.net, y)) + rest

    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        by = scale(count_of_losses(model.net, y))
        return [(g - p) * by + p for g, p in zip(computed, pull(model), strict=True)]

    return override(spec, loss=loss, gradients=gradients)


def _penalised(spec: RunSpec, share: float) -> RunSpec:
    """Add this share of the penalty; a negative share subtracts it."""

    def loss(model: Model, x: Array, y: Array, value: float) -> float:
        return value + penalty(model, share)

    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        return [g + p for g, p in zip(computed, pull(model, share), strict=True)]

    return override(spec, loss=loss, gradients=gradients)


def _on_biases(spec: RunSpec) -> RunSpec:
    def biases(model: Model) -> Params:
        both = zip(model.params(), model.net.parameters, strict=True)
        return [p for p, own in both if own.is_bias]

    def loss(model: Model, x: Array, y: Array, value: float) -> float:
        return value + 0.5 * model.net.l2 * sum(float((b * b).sum()) for b in biases(model))

    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        both = zip(computed, model.params(), model.net.parameters, strict=True)
        return [g + model.net.l2 * p if own.is_bias else g for g, p, own in both]

    return override(spec, loss=loss, gradients=gradients)


def _as_weight_decay(spec: RunSpec) -> RunSpec:
    """The penalty in the optimizer's gradient (PyTorch's weight_decay), and not in the loss."""
    bare = _penalised(spec, -1.0)

    def transform_gradients(model: Model, gradients: Params) -> Params:
        return [g + p for g, p in zip(gradients, pull(model), strict=True)]

    return override(bare, transform_gradients=transform_gradients)


def _decoupled(spec: RunSpec) -> RunSpec:
    """The kernels shrink by η·l2 beside the step, as in AdamW; the loss has no penalty."""
    bare, decay = _penalised(spec, -1.0), spec.net.l2

    def rule(
        define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
    ) -> tuple[Array, Slots]:
        return define(o, w - o.learning_rate * decay * w, g, slots, t)

    return override(bare, rule=rule, reaches=lambda parameter: parameter.is_penalized)


def _smoothed(z: Array, y: Array) -> tuple[float, Array]:
    loss, slope = cross_entropy(z, y)
    classes = [cross_entropy(z, np.full(len(z), c)) for c in range(z.shape[1])]
    even = np.mean([value for value, _ in classes])
    even_slope = np.mean([slope for _, slope in classes], axis=0)
    return (
        float((1 - SMOOTHING) * loss + SMOOTHING * even),
        (1 - SMOOTHING) * slope + SMOOTHING * even_slope,
    )


def _over_the_rows(z: Array, y: Array) -> tuple[float, Array]:
    """Cross-entropy whose softmax sums to 1 over the rows of each class."""
    odds = np.exp(z - z.max(0, keepdims=True))
    p, rows = odds / odds.sum(0, keepdims=True), np.arange(len(z))
    one_hot = np.zeros_like(z)
    one_hot[rows, y] = 1 / len(z)
    return float(-np.log(p[rows, y]).mean()), p * one_hot.sum(0, keepdims=True) - one_hot


def _of_probabilities(z: Array, y: Array) -> tuple[float, Array]:
    """Minus the probability itself instead of minus its logarithm."""
    p, rows = softmax(z), np.arange(len(z))
    one_hot = np.zeros_like(z)
    one_hot[rows, y] = 1
    share = p[rows, y][:, None]
    return float(-share.mean()), -share * (one_hot - p) / len(z)


def _broadcast(z: Array, y: Array) -> tuple[float, Array]:
    gaps = z - y.T  # (n, 1) and (1, n): every row against every target
    return float((gaps**2).mean()), 2 * gaps.mean(1, keepdims=True) / len(z)


def _is_squared(spec: RunSpec) -> bool:
    return spec.net.loss == "squared"


def _averages(spec: RunSpec) -> bool:
    return len(spec.batches[0]) > 1


INJECTIONS = [
    Injection(
        "sum_for_mean", "{backend} sums the losses of a batch where the other averages",
        "Set the reduction to the same in both: \"mean\", or \"sum_over_batch_size\".",
        lambda r: _scaled(r, float), _averages, entry="loss_reduction",
    ),
    Injection(
        "mean_divided_again", "{backend} divides the mean loss by the rows of the batch once more",
        "Divide by the rows in one place: the loss is a mean already.",
        lambda r: _scaled(r, lambda rows: 1 / rows), _averages, entry="loss_reduction",
    ),
    Injection(
        "half_of_the_square", "{backend} takes half of each square",
        "Decide on ½ or none; with ½ the same learning rate is half as long a step.",
        lambda r: _scaled(r, lambda rows: 0.5), _is_squared, entry="squared_error_scale",
    ),
    Injection(
        "targets_broadcast",
        "{backend} subtracts targets (n,) from outputs (n, 1), which makes (n, n)",
        "Give targets the shape of the outputs, and assert it.",
        Definition(loss=_broadcast).into, lambda r: _is_squared(r) and r.net.n_out == 1,
        entry="mse_broadcasting",
    ),
    Injection(
        "softmax_over_the_rows",
        "{backend}'s softmax sums to one over the rows of the batch, and not over the classes",
        "Name the axis: PyTorch's implicit one is 0 or 1 by the number of axes.",
        Definition(loss=_over_the_rows).into, has_softmax, entry="softmax_axis",
    ),
    Injection(
        "nll_of_probabilities",
        "{backend} passes probabilities to a loss that expects their logarithms",
        "Use log_softmax before NLLLoss, or CrossEntropyLoss on the logits.",
        Definition(loss=_of_probabilities).into, has_softmax, entry="nll_of_probabilities",
    ),
    Injection(
        "labels_smoothed", "{backend} smooths the labels by a tenth",
        "Set label_smoothing to the same in both.",
        Definition(loss=_smoothed).into, has_softmax, entry="label_smoothing",
    ),
    Injection(
        "l2_without_half", "{backend}'s penalty is l2·ΣW², without the ½",
        "Halve the strength in Keras: its \"l2\" has no ½, and PyTorch's weight_decay is 2·l2.",
        lambda r: _penalised(r, 1.0), has_penalty, entry="l2_without_half",
    ),
    Injection(
        "l2_on_biases", "{backend} penalises the biases, too",
        "Put biases into a parameter group of their own, with weight_decay 0.",
        _on_biases, has_penalty, entry="weight_decay_reaches_biases",
    ),
    Injection(
        "l2_left_out", "{backend} trains without the L2 penalty",
        "Add the penalty in both: Keras adds what its layers were given, PyTorch what you write.",
        lambda r: _penalised(r, -1.0), has_penalty,
    ),
    Injection(
        "l2_as_weight_decay",
        "{backend} has its L2 penalty in the optimizer's gradient, where no loss shows it",
        "Compare weights and not losses, or add the penalty to the loss in both.",
        _as_weight_decay, has_penalty, entry="weight_decay_of_sgd",
    ),
    Injection(
        "weight_decay_decoupled",
        "{backend} shrinks the kernels beside the step, as AdamW and Keras's weight_decay do",
        "Use the same kind in both: under Adam, and with momentum, it is not an L2 penalty.",
        _decoupled, has_penalty, entry="weight_decay_of_adam",
    ),
]  # fmt: skip
