"""A plant: one known difference, put into a run on purpose.

The same list serves three ends. A teacher plants one and lets the class look for it; a test plants
one and demands that it be found; and whoever compares two backends plants each in the sound one, to
see whether it then errs as the other does. That is an experiment, and its outcome a proof.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from adapters.contract import SGD, Adam, Array, Model, Optimizer, Params, State
from course.overflow import quietly
from injections.optimizer_rules import Slots, define
from injections.run_spec import RunSpec


@dataclass(frozen=True)
class Injection:
    """A difference with a name, what causes it and what mends it."""

    name: str
    cause: str  # "{backend} …", to be told of the backend that does so
    remedy: str
    change: Callable[[RunSpec], RunSpec]
    fits: Callable[[RunSpec], bool] = lambda recipe: True  # whether it can show in this run
    entry: str = ""  # its name in the catalogue of differences
    dtype: str = ""  # the only precision that can see it; both where empty

    @quietly
    def into(self, recipe: RunSpec) -> RunSpec:
        """The recipe with this difference, or as it was where the difference cannot show."""
        return self.change(recipe) if self.shows(recipe) else recipe

    @quietly
    def shows(self, recipe: RunSpec) -> bool:
        """Whether the difference can show in this run."""
        return self.dtype in ("", recipe.Model.dtype) and self.fits(recipe)


# A backend's `epoch`, bound to it: inputs, targets, order and batch size in, losses out.
Loop = Callable[[Array, Array, Array, int], Array]
Define = Callable[[Optimizer, Array, Array, Slots, int], tuple[Array, Slots]]
# The first argument is the equation as it was, which a rule may call with other arguments.
Rule = Callable[[Define, Optimizer, Array, Array, Slots, int], tuple[Array, Slots]]


def override(
    recipe: RunSpec,
    *,
    activations: Callable[[Model, Array], list[Array]] | None = None,
    loss: Callable[[Model, Array, Array, float], float] | None = None,
    gradients: Callable[[Model, Array, Array, Params], Params] | None = None,
    transform_gradients: Callable[[Model, Params], Params] | None = None,
    rule: Rule | None = None,
    epoch: Callable[[Model, Loop, Array, Array, Array, int], Array] | None = None,
) -> RunSpec:
    """The recipe with a backend that does one thing otherwise, in NumPy, on top of what it does.

    activations, loss, gradients: instead of the backend's, whose value the last two are given.
    handed: what the optimizer gets of the gradients. rule: the optimizer's equation for one
    parameter. epoch: instead of the loop that it is given. Bent twice, a backend does both. What
    overflows does so in silence, as in any backend.
    """
    backend = recipe.Model
    innermost = not hasattr(backend, "steps_by_hand")
    steps_by_hand = bool(loss or gradients or transform_gradients or rule) or hasattr(
        backend, "bent_step"
    )

    class Bent(backend):  # type: ignore[misc, valid-type]
        @quietly
        def activations(self, x: Array) -> list[Array]:
            return activations(self, x) if activations else super().activations(x)

        def forward(self, x: Array) -> Array:
            return self.activations(x)[-1]

        @quietly
        def loss(self, x: Array, y: Array) -> float:
            value = super().loss(x, y)
            return loss(self, x, y, value) if loss else value

        @quietly
        def gradients(self, x: Array, y: Array) -> Params:
            found = super().gradients(x, y)
            return gradients(self, x, y, found) if gradients else found

        def overridden_gradients(self, found: Params) -> Params:
            before = super().overridden_gradients(found) if hasattr(backend, "bent_step") else found
            return transform_gradients(self, before) if transform_gradients else before

        def overridden_rule(
            self, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
        ) -> tuple[Array, Slots]:
            as_it_was = super().overridden_rule if hasattr(backend, "bent_step") else define
            return rule(as_it_was, o, w, g, slots, t) if rule else as_it_was(o, w, g, slots, t)

        def step(self, x: Array, y: Array) -> float:
            return self.overridden_step(x, y) if steps_by_hand else super().step(x, y)

        if steps_by_hand:

            @quietly
            def overridden_step(self, x: Array, y: Array) -> float:
                before = self.loss(x, y)
                found = self.overridden_gradients(self.gradients(x, y))
                state = backend.state(self)
                backend.restore(self, _moved(self.optimizer, state, found, self.overridden_rule))
                return before

        @quietly
        def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
            loop: Loop = super().epoch
            if innermost and self.steps_by_hand:  # the outermost of all bends has the last word
                loop = partial(_step_by_step, self)
            if epoch:
                return epoch(self, loop, x, y, order, batch_size)
            return loop(x, y, order, batch_size)

    Bent.steps_by_hand = steps_by_hand
    return replace(recipe, Model=Bent)


def _step_by_step(model: Model, x: Array, y: Array, order: Array, batch_size: int) -> Array:
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    return np.array([model.step(x[rows], y[rows]) for rows in batches], model.dtype)


def _moved(o: Optimizer, state: State, gradients: Params, rule: Define) -> State:
    """The state after one step."""
    t = int(state.get("step", 0)) + 1
    new: State = {"step": np.array(t)} if isinstance(o, Adam) else {}
    for i, g in enumerate(gradients):
        w = state[f"param_{i}"]
        weight, slots = rule(o, w, g, [state[f"{slot}_{i}"] for slot in o.slots], t)
        new[f"param_{i}"] = weight.astype(w.dtype)
        new |= {
            f"{slot}_{i}": array.astype(w.dtype) for slot, array in zip(o.slots, slots, strict=True)
        }
    return new


def has_momentum(recipe: RunSpec) -> bool:
    """Whether the run's optimizer is SGD with momentum."""
    return isinstance(recipe.optimizer, SGD) and recipe.optimizer.momentum > 0


def has_adam(recipe: RunSpec) -> bool:
    """Whether the run's optimizer is Adam."""
    return isinstance(recipe.optimizer, Adam)


def is_sgd(recipe: RunSpec) -> bool:
    """Whether the run's optimizer is SGD, with or without momentum."""
    return isinstance(recipe.optimizer, SGD)


def has_penalty(recipe: RunSpec) -> bool:
    """Whether the network has an L2 penalty."""
    return recipe.net.l2 > 0


def has_hidden(recipe: RunSpec) -> bool:
    """Whether there is a layer before the last."""
    return len(recipe.net.layers) > 1


def has_softmax(recipe: RunSpec) -> bool:
    """Whether the loss is a softmax's."""
    return recipe.net.loss == "softmax"
