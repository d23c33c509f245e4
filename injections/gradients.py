"""What may happen to gradients, or on the way from them to the optimizer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.contract import Array, Model, Params
from injections.injection import Injection, is_sgd, override
from injections.run_spec import RunSpec

NORM = 0.5  # that gradients are clipped to


def _of_the_sum(recipe: RunSpec) -> RunSpec:
    return override(recipe, gradients=lambda model, x, y, found: [g * len(x) for g in found])


def _remembered(recipe: RunSpec, mixed: Callable[[Params, Params], Params]) -> RunSpec:
    """mixed: what the optimizer gets, from the last gradients kept and the new ones."""

    def transform_gradients(model: Model, gradients: Params) -> Params:
        before = getattr(model, "kept", None)
        result = gradients if before is None else mixed(before, gradients)
        model.kept = result if mixed is _summed else gradients  # type: ignore[attr-defined]
        return result

    return override(recipe, transform_gradients=transform_gradients)


def _summed(before: Params, new: Params) -> Params:
    return [a + b for a, b in zip(before, new, strict=True)]


def _late(before: Params, new: Params) -> Params:
    return before


def _norm(arrays: Params) -> float:
    return float(np.sqrt(sum(float((a.astype(float) ** 2).sum()) for a in arrays)))


def _clipped_together(model: Model, gradients: Params) -> Params:
    scale = min(1.0, NORM / (_norm(gradients) or 1))
    return [g * scale for g in gradients]


def _clipped_apart(model: Model, gradients: Params) -> Params:
    return [g * min(1.0, NORM / (_norm([g]) or 1)) for g in gradients]


def _clipped_by_value(model: Model, gradients: Params) -> Params:
    return [np.clip(g, -NORM / 50, NORM / 50) for g in gradients]


def _through_float32(model: Model, x: Array, y: Array, found: Params) -> Params:
    return [g.astype(np.float32).astype(np.float64) for g in found]


def _ties(share: float) -> Callable[[RunSpec], RunSpec]:
    """The perceptron's gradient where a score is exactly 0, times this."""

    def gradients(model: Model, x: Array, y: Array, found: Params) -> Params:
        tie = model.forward(x) * y == 0  # (n, n_out)
        slope = np.where(tie, -y, 0) * (1 - share) / len(x)  # what a tie added too much
        kernel, bias = found
        return [(kernel - x.T @ slope).astype(x.dtype), (bias - slope.sum(0)).astype(x.dtype)]

    return lambda recipe: override(recipe, gradients=gradients)


def _is_perceptron(recipe: RunSpec) -> bool:
    return recipe.net.loss == "perceptron"


def _averages(recipe: RunSpec) -> bool:
    return len(recipe.batches[0]) > 1 and is_sgd(recipe)


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
        lambda r: override(r, gradients=_through_float32), entry="keras_float64_leak", dtype="float64",
    ),
    Injection(
        "half_a_tie", "{backend} halves the gradient of a maximum at a tie",
        "Write the loss with `where`; the gradient of a maximum at a tie is a matter of taste.",
        _ties(0.5), _is_perceptron, entry="maximum_at_a_tie",
    ),
    Injection(
        "no_gradient_at_a_tie", "{backend}'s gradient is zero where a score is zero",
        "Write the loss with `where`; relu(−y·z) has no gradient at zero.",
        _ties(0.0), _is_perceptron, entry="relu_gradient_at_zero",
    ),
    Injection(
        "gradients_accumulate", "{backend} adds each gradient to all before it",
        "Call `optimizer.zero_grad()` before every `backward()`.",
        lambda r: _remembered(r, _summed), entry="gradients_accumulate",
    ),
    Injection(
        "gradients_one_step_late", "{backend} moves by the gradient of the batch before",
        "Compute the gradient after the batch was exchanged, and before the step.",
        lambda r: _remembered(r, _late),
    ),
    Injection(
        "clipped_by_global_norm",
        f"{{backend}} clips the norm of all gradients together to {NORM}",
        "Clip in both or in neither: clip_grad_norm_ is Keras's global_clipnorm.",
        lambda r: override(r, transform_gradients=_clipped_together), entry="clip_by_norm",
    ),
    Injection(
        "clipped_by_each_norm",
        f"{{backend}} clips the norm of each gradient by itself to {NORM}",
        "Keras's clipnorm is per variable; global_clipnorm is PyTorch's clip_grad_norm_.",
        lambda r: override(r, transform_gradients=_clipped_apart), entry="clip_by_norm",
    ),
    Injection(
        "clipped_by_value", f"{{backend}} clips each gradient entry to ±{NORM / 50}",
        "Clip in both or in neither, and in the same way.",
        lambda r: override(r, transform_gradients=_clipped_by_value),
    ),
]  # fmt: skip
