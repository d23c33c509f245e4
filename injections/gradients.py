"""Injections into the gradients, or between them and the optimizer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from adapters.contract import Array, Model, Params, State
from injections.injection import Injection, count_of_losses, override
from injections.run_spec import RunSpec

NORM = 0.5  # to which gradients are clipped


def _of_the_sum(spec: RunSpec) -> RunSpec:
    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        return [g * count_of_losses(model.net, y) for g in computed]

    return override(spec, gradients=gradients)


def _with_previous(spec: RunSpec, combine: Callable[[Params, Params], Params]) -> RunSpec:
    """combine: computes the optimizer's gradients from the previous and the new ones."""

    def transform_gradients(model: Model, gradients: Params) -> Params:
        previous = getattr(model, "previous", None)
        result = gradients if previous is None else combine(previous, gradients)
        model.previous = result if combine is _sum else gradients  # type: ignore[attr-defined]
        return result

    return override(spec, transform_gradients=transform_gradients)


def _sum(previous: Params, new: Params) -> Params:
    return [a + b for a, b in zip(previous, new, strict=True)]


def _late(previous: Params, new: Params) -> Params:
    return previous


def _first_twice(spec: RunSpec) -> RunSpec:
    """The first step of a new model has twice the gradient; a restored one has made its first."""

    def transform_gradients(model: Model, gradients: Params) -> Params:
        if getattr(model, "made_a_step", False):
            return gradients
        model.made_a_step = True  # type: ignore[attr-defined]
        return [2 * g for g in gradients]

    base = override(spec, transform_gradients=transform_gradients)
    backend = base.Model

    class Once(backend):  # type: ignore[misc, valid-type]
        def restore(self, state: State) -> None:
            super().restore(state)
            self.made_a_step = True

    return replace(base, Model=Once)


def _norm(arrays: Params) -> float:
    return float(np.sqrt(sum(float((a.astype(float) ** 2).sum()) for a in arrays)))


def _clipped_together(model: Model, gradients: Params) -> Params:
    scale = min(1.0, NORM / (_norm(gradients) or 1))
    return [g * scale for g in gradients]


def _clipped_apart(model: Model, gradients: Params) -> Params:
    return [g * min(1.0, NORM / (_norm([g]) or 1)) for g in gradients]


def _clipped_by_value(model: Model, gradients: Params) -> Params:
    return [np.clip(g, -NORM / 50, NORM / 50) for g in gradients]


def _through_float32(model: Model, x: Array, y: Array, computed: Params) -> Params:
    return [g.astype(np.float32).astype(np.float64) for g in computed]


def _ties(share: float) -> Callable[[RunSpec], RunSpec]:
    """Multiply the perceptron's gradient at a score of exactly 0 by this share."""

    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        tie = model.forward(x) * y == 0  # (n, n_out)
        slope = np.where(tie, -y, 0) * (1 - share) / len(x)  # the part to subtract
        kernel, bias = computed
        return [(kernel - x.T @ slope).astype(x.dtype), (bias - slope.sum(0)).astype(x.dtype)]

    return lambda spec: override(spec, gradients=gradients)


def _is_perceptron(spec: RunSpec) -> bool:
    return spec.net.loss == "perceptron" and len(spec.net.layers) == 1


def _averages(spec: RunSpec) -> bool:
    return len(spec.batches[0]) > 1


INJECTIONS = [
    Injection(
        "gradients_of_the_sum",
        "{backend} differentiates the sum of a batch's losses and reports their mean",
        "Divide by the rows before differentiating; under SGD it is a larger learning rate.",
        _of_the_sum, _averages, entry="gradient_of_a_vector",
    ),
    Injection(
        "gradients_through_float32", "{backend}'s gradients have been float32",
        "Look for a cast, or for a constant in float32 inside the loss.",
        lambda r: override(r, gradients=_through_float32), entry="keras_float64_leak",
        dtype="float64",
    ),
    Injection(
        "half_a_tie", "{backend} halves the gradient of a maximum at a tie",
        "Write the loss with `where`; frameworks differ in the gradient of a maximum at a tie.",
        _ties(0.5), _is_perceptron, entry="maximum_at_a_tie",
    ),
    Injection(
        "no_gradient_at_a_tie", "{backend}'s gradient is zero where a score is zero",
        "Write the loss with `where`; relu(−y·z) has no gradient at zero.",
        _ties(0.0), _is_perceptron, entry="relu_gradient_at_zero",
    ),
    Injection(
        "gradients_accumulate", "{backend} adds each gradient to all previous ones",
        "Call `optimizer.zero_grad()` before every `backward()`.",
        lambda r: _with_previous(r, _sum), entry="gradients_accumulate",
    ),
    Injection(
        "gradients_one_step_late", "{backend} moves by the gradient of the previous batch",
        "Compute the gradient after taking the next batch, and before the step.",
        lambda r: _with_previous(r, _late),
    ),
    Injection(
        "first_gradient_twice", "{backend} makes its first step with twice the gradient",
        "Clear gradients before the loop too: a pass before it has left its own.",
        _first_twice, entry="gradients_accumulate",
    ),
    Injection(
        "clipped_by_global_norm",
        f"{{backend}} clips the norm of all gradients together to {NORM}",
        "Clip in both or in neither: clip_grad_norm_ is Keras's global_clipnorm.",
        lambda r: override(r, transform_gradients=_clipped_together), entry="clip_by_norm",
    ),
    Injection(
        "clipped_by_each_norm",
        f"{{backend}} clips the norm of each gradient separately to {NORM}",
        "Keras's clipnorm is per variable; global_clipnorm is PyTorch's clip_grad_norm_.",
        lambda r: override(r, transform_gradients=_clipped_apart), entry="clip_by_norm",
    ),
    Injection(
        "clipped_by_value", f"{{backend}} clips each gradient entry to ±{NORM / 50}",
        "Clip in both or in neither, and in the same way.",
        lambda r: override(r, transform_gradients=_clipped_by_value),
    ),
]  # fmt: skip
