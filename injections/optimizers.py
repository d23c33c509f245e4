"""Injections into the optimizer: constants, equations, memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Array, Model, Optimizer, State
from injections.injection import Define, Injection, Loop, has_adam, has_momentum, override
from injections.optimizer_rules import Slots, adam, sgd
from injections.run_spec import RunSpec


def _with(**constants: Any) -> Callable[[RunSpec], RunSpec]:
    return lambda r: replace(r, optimizer=replace(r.optimizer, **constants))


def _not_yet(**constants: Any) -> Callable[[RunSpec], bool]:
    """Whether the optimizer has these constants with other values."""

    def fits(spec: RunSpec) -> bool:
        missing = object()
        return all(
            getattr(spec.optimizer, k, missing) not in (missing, v) for k, v in constants.items()
        )

    return fits


def _dampened(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    assert isinstance(o, SGD)
    return sgd(o, w, g, slots, dampening=o.momentum)


def _without_momentum(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    return w - o.learning_rate * g, [g]


def _with_rate_inside(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    assert isinstance(o, SGD)
    v = o.momentum * slots[0] + o.learning_rate * g
    return w - v, [v]


def _rounded_constants(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    names = ("momentum",) if isinstance(o, SGD) else ("beta_1", "beta_2")
    rounded = {name: float(np.float32(getattr(o, name))) for name in names}
    return define(replace(o, **rounded), w, g, slots, t)  # type: ignore[arg-type]


def _epsilon(place: str) -> Callable[[RunSpec], RunSpec]:
    def rule(
        define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
    ) -> tuple[Array, Slots]:
        assert isinstance(o, Adam)
        return adam(o, w, g, slots, t, place)

    return lambda spec: override(spec, rule=rule)


def _uncorrected(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    assert isinstance(o, Adam)
    m = o.beta_1 * slots[0] + (1 - o.beta_1) * g
    v = o.beta_2 * slots[1] + (1 - o.beta_2) * g * g
    return w - o.learning_rate * m / (np.sqrt(v) + o.epsilon), [m, v]


def _counts_from_two(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    return define(o, w, g, slots, t + 1)


def _stays(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    return w, slots


def _has_biases(spec: RunSpec) -> bool:
    return any(parameter.is_bias for parameter in spec.net.parameters)


def _forgetful(spec: RunSpec) -> RunSpec:
    """The optimizer's memory is cleared at the beginning of each epoch."""
    every = spec.steps_per_epoch

    backend = spec.Model

    class Forgetful(backend):  # type: ignore[misc, valid-type]
        steps_made = 0

        def step(self, x: Array, y: Array) -> float:
            if self.steps_made == every:
                super().restore(_emptied(self.state()))
                self.steps_made = 0
            self.steps_made += 1
            return float(super().step(x, y))

    return replace(spec, Model=Forgetful)


def _memory_not_handed_over(spec: RunSpec) -> RunSpec:
    """A new optimizer for the lower learning rate starts with an empty memory."""
    backend = spec.Model

    class Restarted(backend):  # type: ignore[misc, valid-type]
        def restore(self, state: State) -> None:
            super().restore(_emptied(state))

    return replace(spec, Model=Restarted)


def _emptied(state: State) -> State:
    rest = {k: v for k, v in state.items() if not k.endswith("_remainder")}
    return {k: v if k.startswith("param") else np.zeros_like(v) for k, v in rest.items()}


def _looking_ahead(spec: RunSpec) -> RunSpec:
    assert isinstance(spec.optimizer, SGD)
    return replace(spec, optimizer=replace(spec.optimizer, nesterov=True))


def _remembers(spec: RunSpec) -> bool:
    return bool(spec.optimizer.slots)


def _is_lowered(spec: RunSpec) -> bool:
    return _remembers(spec) and spec.lowered_from < len(spec.batches)


def _schedule_left_out(spec: RunSpec) -> RunSpec:
    return replace(spec, lower_by=1.0)


def _loop_forgets(
    model: Model, loop: Loop, x: Array, y: Array, order: Array, batch_size: int
) -> Array:
    model.restore(_emptied(model.state()))
    return loop(x, y, order, batch_size)


INJECTIONS = [
    Injection(
        "learning_rate_of_torch", "{backend} runs with a learning rate of 0.001",
        "State the learning rate in both: SGD's default is 0.001 in PyTorch and 0.01 in Keras.",
        _with(learning_rate=0.001), _not_yet(learning_rate=0.001),
        entry="sgd_default_learning_rate",
    ),
    Injection(
        "learning_rate_of_keras", "{backend} runs with a learning rate of 0.01",
        "State the learning rate in both: SGD's default is 0.001 in PyTorch and 0.01 in Keras.",
        _with(learning_rate=0.01), _not_yet(learning_rate=0.01),
        entry="sgd_default_learning_rate",
    ),
    Injection(
        "learning_rate_not_lowered", "{backend} does not lower the learning rate",
        "Call the scheduler once per epoch in both, and print the rate it has set.",
        _schedule_left_out, lambda r: r.lower_by != 1 and r.lowered_from < len(r.batches),
    ),
    Injection(
        "momentum_left_out", "{backend} runs without momentum",
        "State momentum in both: it is 0 by default.",
        lambda r: override(r, rule=_without_momentum), has_momentum,
    ),
    Injection(
        "dampening", "{backend} weighs each new gradient by 1 − μ",
        "Set dampening to 0, or multiply the learning rate by 1/(1 − μ) in the other.",
        lambda r: override(r, rule=_dampened), has_momentum,
    ),
    Injection(
        "nesterov", "{backend} looks ahead, as Nesterov does",
        "Set nesterov to the same in both.",
        _looking_ahead, has_momentum,
        entry="nesterov_form",
    ),
    Injection(
        "velocity_holds_learning_rate",
        "{backend}'s velocity has the learning rate inside, as Keras's has",
        "Convert the velocity (v = −η·buffer), and again whenever the learning rate changes.",
        lambda r: override(r, rule=_with_rate_inside), has_momentum,
        entry="velocity_holds_learning_rate",
    ),
    Injection(
        "constants_through_float32",
        "{backend}'s momentum or β has been float32: 0.9 is 0.89999998",
        "In float64 hand Keras on TensorFlow `np.float64(0.9)`, not a Python float.",
        lambda r: override(r, rule=_rounded_constants), _remembers,
        entry="constants_through_float32", dtype="float64",
    ),
    Injection(
        "adam_epsilon",
        "{backend} adds Adam's ε to the uncorrected root, as Keras does",
        "Write ε·√(1 − β₂ᵗ) there, or use one definition in both.",
        _epsilon("before"), has_adam, entry="adam_epsilon",
    ),
    Injection(
        "adam_epsilon_of_keras", "{backend} runs Adam with ε = 1e-7, Keras's default",
        "State epsilon in both: 1e-8 in PyTorch and JAX, 1e-7 in Keras.",
        _with(epsilon=1e-7), has_adam, entry="adam_epsilon_default",
    ),
    Injection(
        "adam_epsilon_inside_root", "{backend} adds Adam's ε under the root",
        "Put ε outside the root; inside it acts as its own square root.",
        _epsilon("inside"), has_adam, entry="rmsprop_epsilon_place",
    ),
    Injection(
        "adam_without_correction", "{backend}'s Adam does not correct its moments",
        "Divide by 1 − βᵗ, or use the framework's own optimizer.",
        lambda r: override(r, rule=_uncorrected), has_adam, entry="adam_bias_correction",
    ),
    Injection(
        "adam_counts_from_two", "{backend}'s Adam counts its first step as the second",
        "Increase t before the correction, once.",
        lambda r: override(r, rule=_counts_from_two), has_adam, entry="adam_bias_correction",
    ),
    Injection(
        "adam_beta_2_of_099", "{backend} runs Adam with β₂ = 0.99",
        "State both βs; 0.99 is RMSprop's habit.",
        _with(beta_2=0.99), has_adam, entry="rmsprop_decay",
    ),
    Injection(
        "biases_not_trained", "{backend} does not train the biases",
        "Hand the optimizer all parameters; the second half of a layer is easily forgotten.",
        lambda r: override(r, rule=_stays, reaches=lambda p: p.is_bias), _has_biases,
    ),
    Injection(
        "memory_lost_each_epoch",
        "{backend}'s optimizer starts each epoch with an empty memory",
        "Make the optimizer once, before the loop over epochs.",
        _forgetful, lambda r: _remembers(r) and r.steps_per_epoch < len(r.batches),
    ),
    Injection(
        "loop_forgets_memory",
        "{backend}'s optimizer loses its memory at each call of the loop over batches",
        "Make the optimizer once, and not in the function that trains an epoch.",
        lambda r: override(r, epoch=_loop_forgets), _remembers,
    ),
    Injection(
        "memory_not_handed_over",
        "{backend}'s optimizer loses its memory when the learning rate is lowered",
        "Change the rate of the existing optimizer, or copy its state to the new one.",
        _memory_not_handed_over, _is_lowered,
    ),
]  # fmt: skip
