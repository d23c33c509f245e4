"""What the families of `measured.py` do to a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from adapters.contract import Adam, Array, Dense, Model, Optimizer, Params
from adapters.layers import LayerNorm
from adapters.numpy_layers import LAYERS
from injections.injection import Define, override
from injections.losses import penalty, pull
from injections.optimizer_rules import Slots, adam
from injections.reference_network import ACTIVATIONS, Definition, cross_entropy
from injections.run_spec import RunSpec
from injections.wrapped import wrapped


def scaled_loss(by: float) -> Callable[[RunSpec], RunSpec]:
    """The loss and its gradients, without the penalty, times this."""

    def loss(model: Model, x: Array, y: Array, value: float) -> float:
        rest = penalty(model)
        return (value - rest) * by + rest

    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        return [(g - p) * by + p for g, p in zip(computed, pull(model), strict=True)]

    return lambda spec: override(spec, loss=loss, gradients=gradients)


def scaled_gradients(by: float) -> Callable[[RunSpec], RunSpec]:
    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        return [g * by for g in computed]

    return lambda spec: override(spec, gradients=gradients)


def scaled_steps(by: float) -> Callable[[RunSpec], RunSpec]:
    """The optimizer gets the gradients times this."""
    return lambda spec: override(
        spec, transform_gradients=lambda model, gradients: [g * by for g in gradients]
    )


def scaled_reports(by: float) -> Callable[[RunSpec], RunSpec]:
    """The losses times this, and nothing else: neither gradients nor steps."""

    def into(spec: RunSpec) -> RunSpec:
        class Reported(wrapped(spec.Model)):  # type: ignore[misc]
            def loss(self, x: Array, y: Array) -> float:
                return by * self.inner.loss(x, y)

            def step(self, x: Array, y: Array) -> float:
                return by * self.inner.step(x, y)

            def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
                return np.asarray(by * self.inner.epoch(x, y, order, batch_size))

        return replace(spec, Model=Reported)

    return into


def constants(**values: float) -> Callable[[RunSpec], RunSpec]:
    changed: dict[str, Any] = dict(values)
    return lambda spec: replace(spec, optimizer=replace(spec.optimizer, **changed))


def scaled_rate(by: float) -> Callable[[RunSpec], RunSpec]:
    return lambda spec: constants(learning_rate=spec.optimizer.learning_rate * by)(spec)


def decaying_rate(factor: Callable[[int], float]) -> Callable[[RunSpec], RunSpec]:
    """The rate of the t-th step of a model, from 0, times factor(t)."""

    def into(spec: RunSpec) -> RunSpec:
        def rule(
            define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
        ) -> tuple[Array, Slots]:
            return define(o, w, g, slots, t)

        base = override(spec, rule=rule)  # so that steps and epochs are made by hand
        backend = base.Model

        class Decaying(backend):  # type: ignore[misc, valid-type]
            steps_made = 0
            optimizer: Any

            def step(self, x: Array, y: Array) -> float:
                full = self.optimizer
                now = factor(self.steps_made)
                self.optimizer = replace(full, learning_rate=full.learning_rate * now)
                self.steps_made += 1
                try:
                    return float(super().step(x, y))
                finally:
                    self.optimizer = full

        return replace(base, Model=Decaying)

    return into


def decayed(strength: float, everything: bool, by_rate: bool) -> Callable[[RunSpec], RunSpec]:
    """Weights shrink beside the step, in place of the penalty: by η·strength, or by strength."""

    def bare_loss(model: Model, x: Array, y: Array, value: float) -> float:
        return value - penalty(model)

    def bare(model: Model, x: Array, y: Array, computed: Params) -> Params:
        return [g - p for g, p in zip(computed, pull(model), strict=True)]

    def rule(
        define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
    ) -> tuple[Array, Slots]:
        return define(o, w - (o.learning_rate if by_rate else 1.0) * strength * w, g, slots, t)

    return lambda spec: override(
        spec, loss=bare_loss, gradients=bare, rule=rule,
        reaches=lambda p: everything or p.is_penalized,
    )  # fmt: skip


def other_penalty(strength: float) -> Callable[[RunSpec], RunSpec]:
    """A penalty of another strength."""
    return lambda spec: replace(spec, net=replace(spec.net, l2=strength))


def leaky(a: float) -> Callable[[RunSpec], RunSpec]:
    leaky = (lambda z: np.where(z > 0, z, a * z), lambda o: np.where(o > 0, 1.0, a))
    return Definition(ACTIVATIONS | {"relu": leaky}).into


def smoothed(share: float) -> Callable[[RunSpec], RunSpec]:
    def loss(z: Array, y: Array) -> tuple[float, Array]:
        value, slope = cross_entropy(z, y)
        classes = [cross_entropy(z, np.full(len(z), c)) for c in range(z.shape[1])]
        even = float(np.mean([each for each, _ in classes]))
        even_slope = np.mean([each for _, each in classes], axis=0)
        return (1 - share) * value + share * even, (1 - share) * slope + share * even_slope

    return Definition(loss=loss).into


def norm_epsilon(epsilon: float) -> Callable[[RunSpec], RunSpec]:
    """Norms with another ε, at any depth."""

    def forward(layer: LayerNorm, params: Params, x: Array) -> Array:
        return LAYERS[LayerNorm][0](replace(layer, epsilon=epsilon), params, x)

    def backward(layer: LayerNorm, params: Params, x: Array, a: Array, g: Array) -> Any:
        return LAYERS[LayerNorm][1](replace(layer, epsilon=epsilon), params, x, a, g)

    return Definition(layers={LayerNorm: (forward, backward)}).into


def clipped(limit: float, each: bool) -> Callable[[RunSpec], RunSpec]:
    """each: every entry to ±limit; otherwise the norm of all gradients together."""

    def entries(model: Model, gradients: Params) -> Params:
        return [np.clip(g, -limit, limit) for g in gradients]

    def together(model: Model, gradients: Params) -> Params:
        norm = float(np.sqrt(sum(float((g.astype(float) ** 2).sum()) for g in gradients)))
        return [g * min(1.0, limit / (norm or 1.0)) for g in gradients]

    return lambda spec: override(spec, transform_gradients=entries if each else together)


def epsilon_before(epsilon: float) -> Callable[[RunSpec], RunSpec]:
    """Adam with another ε, added to the uncorrected root."""

    def rule(
        define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
    ) -> tuple[Array, Slots]:
        assert isinstance(o, Adam)
        return adam(replace(o, epsilon=epsilon), w, g, slots, t, "before")

    return lambda spec: override(spec, rule=rule)


def with_output(kind: str) -> Callable[[RunSpec], RunSpec]:
    def into(spec: RunSpec) -> RunSpec:
        *rest, last = spec.net.layers
        assert isinstance(last, Dense)
        changed = replace(last, activation=kind)  # type: ignore[arg-type]
        net = replace(spec.net, layers=(*rest, changed))
        return Definition().into(replace(spec, net=net))

    return into
