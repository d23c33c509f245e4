"""How an optimizer may move weights otherwise: constants, forms, memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from adapters.contract import SGD, Adam, Array, Model, Optimizer, State
from compare.plants.plant import Define, Loop, Plant, bent, has_adam, has_momentum
from compare.plants.recipe import Recipe
from compare.plants.updates import Slots, adam, sgd


def _with(**constants: Any) -> Callable[[Recipe], Recipe]:
    return lambda r: replace(r, optimizer=replace(r.optimizer, **constants))


def _not_yet(**constants: Any) -> Callable[[Recipe], bool]:
    """Whether the optimizer has these constants, with other values."""

    def fits(recipe: Recipe) -> bool:
        missing = object()
        return all(
            getattr(recipe.optimizer, k, missing) not in (missing, v) for k, v in constants.items()
        )

    return fits


def _dampened(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    assert isinstance(o, SGD)
    return sgd(o, w, g, slots, dampening=o.momentum)


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


def _epsilon(place: str) -> Callable[[Recipe], Recipe]:
    def rule(
        define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
    ) -> tuple[Array, Slots]:
        assert isinstance(o, Adam)
        return adam(o, w, g, slots, t, place)

    return lambda recipe: bent(recipe, rule=rule)


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


def _biases_stay(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    return define(o, w, g, slots, t) if w.ndim == 2 else (w, slots)


def _forgetful(recipe: Recipe) -> Recipe:
    """The memory is empty again at the beginning of each epoch."""
    every = recipe.steps_per_epoch

    engine = recipe.Model

    class Forgetful(engine):  # type: ignore[misc, valid-type]
        steps_made = 0

        def step(self, x: Array, y: Array) -> float:
            if self.steps_made == every:
                super().restore(_emptied(self.state()))
                self.steps_made = 0
            self.steps_made += 1
            return float(super().step(x, y))

    return replace(recipe, Model=Forgetful)


def _memory_not_handed_over(recipe: Recipe) -> Recipe:
    """A new optimizer for the lower learning rate begins with an empty memory."""
    engine = recipe.Model

    class Restarted(engine):  # type: ignore[misc, valid-type]
        def restore(self, state: State) -> None:
            super().restore(_emptied(state))

    return replace(recipe, Model=Restarted)


def _emptied(state: State) -> State:
    kept = {k: v for k, v in state.items() if not k.endswith("_remainder")}
    return {k: v if k.startswith("param") else np.zeros_like(v) for k, v in kept.items()}


def _looking_ahead(recipe: Recipe) -> Recipe:
    assert isinstance(recipe.optimizer, SGD)
    return replace(recipe, optimizer=replace(recipe.optimizer, nesterov=True))


def _remembers(recipe: Recipe) -> bool:
    return bool(recipe.optimizer.slots)


def _is_lowered(recipe: Recipe) -> bool:
    return _remembers(recipe) and recipe.lowered_from < len(recipe.batches)


def _schedule_left_out(recipe: Recipe) -> Recipe:
    return replace(recipe, lower_by=1.0)


def _loop_forgets(
    model: Model, loop: Loop, x: Array, y: Array, order: Array, batch_size: int
) -> Array:
    model.restore(_emptied(model.state()))
    return loop(x, y, order, batch_size)


PLANTS = [
    Plant(
        "learning_rate_of_torch", "{engine} runs with a learning rate of 0.001",
        "State the learning rate in both: SGD's default is 0.001 in PyTorch and 0.01 in Keras.",
        _with(learning_rate=0.001), _not_yet(learning_rate=0.001),
        entry="sgd_default_learning_rate",
    ),
    Plant(
        "learning_rate_of_keras", "{engine} runs with a learning rate of 0.01",
        "State the learning rate in both: SGD's default is 0.001 in PyTorch and 0.01 in Keras.",
        _with(learning_rate=0.01), _not_yet(learning_rate=0.01),
        entry="sgd_default_learning_rate",
    ),
    Plant(
        "learning_rate_not_lowered", "{engine} does not lower the learning rate",
        "Call the scheduler once per epoch in both, and print the rate it has set.",
        _schedule_left_out, lambda r: r.lower_by != 1 and r.lowered_from < len(r.batches),
    ),
    Plant(
        "momentum_left_out", "{engine} runs without momentum",
        "State momentum in both: it is 0 by default.",
        lambda r: bent(r, rule=lambda define, o, w, g, slots, t: (w - o.learning_rate * g, [g])),
        has_momentum,
    ),
    Plant(
        "dampening", "{engine} weighs each new gradient by 1 − μ",
        "Set dampening to 0, or multiply the learning rate by 1/(1 − μ) in the other.",
        lambda r: bent(r, rule=_dampened), has_momentum,
    ),
    Plant(
        "nesterov", "{engine} looks ahead, as Nesterov does",
        "Set nesterov to the same in both.",
        _looking_ahead, has_momentum,
        entry="nesterov_form",
    ),
    Plant(
        "velocity_holds_learning_rate",
        "{engine}'s velocity has the learning rate inside, as Keras's has",
        "Convert the velocity (v = −η·buffer), and again whenever the learning rate changes.",
        lambda r: bent(r, rule=_with_rate_inside), has_momentum,
        entry="velocity_holds_learning_rate",
    ),
    Plant(
        "constants_through_float32",
        "{engine}'s momentum or β has been float32: 0.9 is 0.89999998",
        "In float64 hand Keras on TensorFlow `np.float64(0.9)`, not a Python float.",
        lambda r: bent(r, rule=_rounded_constants), _remembers,
        entry="constants_through_float32", dtype="float64",
    ),
    Plant(
        "adam_epsilon",
        "{engine} adds Adam's ε to the uncorrected root, as Keras does",
        "Write ε·√(1 − β₂ᵗ) there, or use one definition in both.",
        _epsilon("before"), has_adam, entry="adam_epsilon",
    ),
    Plant(
        "adam_epsilon_of_keras", "{engine} runs Adam with ε = 1e-7, Keras's default",
        "State epsilon in both: 1e-8 in PyTorch and JAX, 1e-7 in Keras.",
        _with(epsilon=1e-7), has_adam, entry="adam_epsilon_default",
    ),
    Plant(
        "adam_epsilon_inside_root", "{engine} adds Adam's ε under the root",
        "Put ε outside the root; inside it acts as its own square root.",
        _epsilon("inside"), has_adam, entry="rmsprop_epsilon_place",
    ),
    Plant(
        "adam_without_correction", "{engine}'s Adam does not correct its moments",
        "Divide by 1 − βᵗ, or use the framework's own optimizer.",
        lambda r: bent(r, rule=_uncorrected), has_adam, entry="adam_bias_correction",
    ),
    Plant(
        "adam_counts_from_two", "{engine}'s Adam counts its first step as the second",
        "Increase t before the correction, once.",
        lambda r: bent(r, rule=_counts_from_two), has_adam, entry="adam_bias_correction",
    ),
    Plant(
        "adam_beta_2_of_099", "{engine} runs Adam with β₂ = 0.99",
        "State both βs; 0.99 is RMSprop's habit.",
        _with(beta_2=0.99), has_adam, entry="rmsprop_decay",
    ),
    Plant(
        "biases_not_trained", "{engine} does not train the biases",
        "Hand the optimizer all parameters; the second half of a layer is easily forgotten.",
        lambda r: bent(r, rule=_biases_stay),
    ),
    Plant(
        "memory_lost_each_epoch",
        "{engine}'s optimizer begins each epoch with an empty memory",
        "Make the optimizer once, before the loop over epochs.",
        _forgetful, lambda r: _remembers(r) and r.steps_per_epoch < len(r.batches),
    ),
    Plant(
        "loop_forgets_memory",
        "{engine}'s optimizer forgets at each call of the loop over batches",
        "Make the optimizer once and not in the function that trains an epoch.",
        lambda r: bent(r, epoch=_loop_forgets), _remembers,
    ),
    Plant(
        "memory_not_handed_over",
        "{engine}'s optimizer loses its memory when the learning rate is lowered",
        "Change the rate of the optimizer that is there, or hand its state over.",
        _memory_not_handed_over, _is_lowered,
    ),
]  # fmt: skip
