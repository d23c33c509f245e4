"""What may happen to gradients, or on the way from them to the optimizer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from adapters.contract import Array, Model, Params
from compare.plants.plant import Plant, bent, is_sgd
from compare.plants.recipe import Recipe

NORM = 0.5  # that gradients are clipped to


def _of_the_sum(recipe: Recipe) -> Recipe:
    return bent(recipe, gradients=lambda model, x, y, found: [g * len(x) for g in found])


def _remembered(recipe: Recipe, mixed: Callable[[Params, Params], Params]) -> Recipe:
    """mixed: what the optimizer gets, from the last gradients kept and the new ones."""

    def handed(model: Model, gradients: Params) -> Params:
        before = getattr(model, "kept", None)
        result = gradients if before is None else mixed(before, gradients)
        model.kept = result if mixed is _summed else gradients  # type: ignore[attr-defined]
        return result

    return bent(recipe, handed=handed)


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


def _ties(share: float) -> Callable[[Recipe], Recipe]:
    """The perceptron's gradient where a score is exactly 0, times this."""

    def gradients(model: Model, x: Array, y: Array, found: Params) -> Params:
        tie = model.forward(x) * y == 0  # (n, n_out)
        slope = np.where(tie, -y, 0) * (1 - share) / len(x)  # what a tie added too much
        kernel, bias = found
        return [(kernel - x.T @ slope).astype(x.dtype), (bias - slope.sum(0)).astype(x.dtype)]

    return lambda recipe: bent(recipe, gradients=gradients)


def _is_perceptron(recipe: Recipe) -> bool:
    return recipe.net.loss == "perceptron"


def _averages(recipe: Recipe) -> bool:
    return len(recipe.batches[0]) > 1 and is_sgd(recipe)


PLANTS = [
    Plant(
        "gradients_of_the_sum",
        "{engine} differentiates the sum of a batch's losses and reports their mean",
        "Divide by the rows before differentiating; under SGD it is a larger learning rate.",
        _of_the_sum, _averages, entry="gradient_of_a_vector",
    ),
    Plant(
        "gradients_through_float32", "{engine}'s gradients have been float32",
        "Look for a cast, or for a constant in float32 inside the loss.",
        lambda r: bent(r, gradients=_through_float32), entry="keras_float64_leak", dtype="float64",
    ),
    Plant(
        "half_a_tie", "{engine} halves the gradient of a maximum at a tie",
        "Write the loss with `where`; the gradient of a maximum at a tie is a matter of taste.",
        _ties(0.5), _is_perceptron, entry="maximum_at_a_tie",
    ),
    Plant(
        "no_gradient_at_a_tie", "{engine}'s gradient is zero where a score is zero",
        "Write the loss with `where`; relu(−y·z) has no gradient at zero.",
        _ties(0.0), _is_perceptron, entry="relu_gradient_at_zero",
    ),
    Plant(
        "gradients_accumulate", "{engine} adds each gradient to all before it",
        "Call `optimizer.zero_grad()` before every `backward()`.",
        lambda r: _remembered(r, _summed), entry="gradients_accumulate",
    ),
    Plant(
        "gradients_one_step_late", "{engine} moves by the gradient of the batch before",
        "Compute the gradient after the batch was exchanged, and before the step.",
        lambda r: _remembered(r, _late),
    ),
    Plant(
        "clipped_by_global_norm",
        f"{{engine}} clips the norm of all gradients together to {NORM}",
        "Clip in both or in neither: clip_grad_norm_ is Keras's global_clipnorm.",
        lambda r: bent(r, handed=_clipped_together), entry="clip_by_norm",
    ),
    Plant(
        "clipped_by_each_norm",
        f"{{engine}} clips the norm of each gradient by itself to {NORM}",
        "Keras's clipnorm is per variable; global_clipnorm is PyTorch's clip_grad_norm_.",
        lambda r: bent(r, handed=_clipped_apart), entry="clip_by_norm",
    ),
    Plant(
        "clipped_by_value", f"{{engine}} clips each gradient entry to ±{NORM / 50}",
        "Clip in both or in neither, and in the same way.",
        lambda r: bent(r, handed=_clipped_by_value),
    ),
]  # fmt: skip
