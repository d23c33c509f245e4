"""Injections into layers: what is computed by hand, forward and backward, belongs together."""

from __future__ import annotations

import numpy as np
import pytest

from adapters.contract import Array
from compare.diverge.evaluation import shown_by
from injections import INJECTIONS, Injection, RunSpec, layers, pictures, sequences
from injections.reference_network import Definition

# A central difference with h errs by h², 1e-10, and by the rounding of the loss, ε/h = 2e-11, both
# of numbers of size 1 to 100; a wrong term of a gradient is a share of it.
H, CLOSE = 1e-5, 1e-6
# A product or softmax in float32 rounds the loss by 1e-7, which was up to 4e-3 of a slope with h =
# 1e-3: with 3e-3 it is a third of that, and h² times the third derivative as much.
H32, CLOSE32 = 3e-3, 2e-2

# They change the gradient and not the loss; of the ties only where there are any.
GRADIENT_ALONE = {"repeated_word_counted_once"}
CHANGED = [
    injection
    for injection in (*layers.INJECTIONS, *pictures.INJECTIONS, *sequences.INJECTIONS)
    if injection.name not in GRADIENT_ALONE
]


def cases(small: list[RunSpec], injection: Injection) -> list[RunSpec]:
    return [injection.into(spec) for spec in small if injection.shows(spec)]


def slopes(spec: RunSpec, h: float) -> tuple[Array, Array]:
    """The loss's slopes in four directions, by the gradients and by central differences.

    The weights and the pictures are drawn, so that no unit is at a kink.
    """
    rng = np.random.default_rng(3)
    x, y = spec.batch(0)
    x = x if spec.net.reads_indices else rng.normal(size=x.shape)
    at = [p + 0.1 * rng.normal(size=p.shape) for p in spec.initial]
    model = spec.Model(spec.net, at, spec.optimizer)
    gradients, pairs = model.gradients(x, y), []
    for _ in range(4):
        way = [rng.normal(size=p.shape) for p in at]
        losses = []
        for sign in (1, -1):
            model.assign([p + sign * h * d for p, d in zip(at, way, strict=True)])
            losses.append(model.loss(x, y))
        by_hand = sum(float((g * d).sum()) for g, d in zip(gradients, way, strict=True))
        pairs.append((by_hand, (losses[0] - losses[1]) / (2 * h)))
    return tuple(np.array(pairs).T)  # type: ignore[return-value]


@pytest.mark.parametrize("injection", CHANGED, ids=lambda injection: injection.name)
def test_gradients_by_hand_are_those_of_the_changed_loss(
    small: list[RunSpec], injection: Injection
) -> None:
    h, close = (H32, CLOSE32) if injection.dtype == "float64" else (H, CLOSE)
    for spec in cases(small, injection):
        by_hand, by_difference = slopes(spec, h)
        np.testing.assert_allclose(by_hand, by_difference, rtol=close, atol=close)


def test_the_reference_network_has_the_gradients_of_its_loss(small: list[RunSpec]) -> None:
    for spec in small:
        np.testing.assert_allclose(*slopes(Definition().into(spec), H), rtol=CLOSE, atol=CLOSE)


@pytest.mark.parametrize("name", sorted(GRADIENT_ALONE | {"max_pool_ties_split"}))
def test_some_change_the_gradient_and_no_loss_before_the_first_step(
    small: list[RunSpec], name: str
) -> None:
    place = shown_by(INJECTIONS[name], small)
    assert place is not None
    assert (place.step, place.stage, place.tensor) == (0, "gradient", "0.table")


def test_a_layer_inside_a_residual_is_changed_too(small: list[RunSpec]) -> None:
    (transformer,) = (spec for spec in small if spec.name == "transformer")
    x, _ = transformer.batch(0)
    for name in ("attention_not_scaled", "leaky_relu"):
        model, wrong = (
            spec.Model(spec.net, spec.initial, spec.optimizer)
            for spec in (transformer, INJECTIONS[name].into(transformer))
        )
        assert not np.allclose(model.forward(x), wrong.forward(x), rtol=1e-9, atol=0)
