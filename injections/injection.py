"""An injection: one known difference, put into a run on purpose.

The list of injections serves three purposes. A teacher injects one and lets the class look for it.
A test injects one and requires that it be found. And `make diverge` injects each into the sound one
of two backends, to see whether it then errs as the other does: the injection that reproduces the
difference is reported as the cause.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from adapters.contract import (
    SGD,
    Adam,
    Array,
    Dense,
    Model,
    Net,
    Optimizer,
    Parameter,
    Params,
    State,
)
from adapters.layers import Conv2D, flat
from course.overflow import quietly
from injections.optimizer_rules import Slots, define
from injections.run_spec import RunSpec


@dataclass(frozen=True)
class Injection:
    """A difference, with its name, its cause and its remedy."""

    name: str
    cause: str  # "{backend} …", a sentence about the backend that does so
    remedy: str
    change: Callable[[RunSpec], RunSpec]
    fits: Callable[[RunSpec], bool] = lambda spec: True  # whether it has an effect on this run
    entry: str = ""  # its name in the catalogue of differences
    dtype: str = ""  # the only precision in which it has an effect; both if empty

    @quietly
    def into(self, spec: RunSpec) -> RunSpec:
        """The spec with this difference, or unchanged where the difference has no effect."""
        return self.change(spec) if self.shows(spec) else spec

    @quietly
    def shows(self, spec: RunSpec) -> bool:
        """Whether the difference has an effect on this run."""
        return self.dtype in ("", spec.Model.dtype) and self.fits(spec)


# A backend's `epoch`, bound to it: inputs, targets, order and batch size in, losses out.
Loop = Callable[[Array, Array, Array, int], Array]
Define = Callable[[Optimizer, Array, Array, Slots, int], tuple[Array, Slots]]
# The first argument is the original equation, which a rule may call with other arguments.
Rule = Callable[[Define, Optimizer, Array, Array, Slots, int], tuple[Array, Slots]]


def override(
    spec: RunSpec,
    *,
    activations: Callable[[Model, Array], list[Array]] | None = None,
    loss: Callable[[Model, Array, Array, float], float] | None = None,
    gradients: Callable[[Model, Array, Array, Params], Params] | None = None,
    transform_gradients: Callable[[Model, Params], Params] | None = None,
    rule: Rule | None = None,
    reaches: Callable[[Parameter], bool] = lambda parameter: True,
    epoch: Callable[[Model, Loop, Array, Array, Array, int], Array] | None = None,
) -> RunSpec:
    """The spec with a subclass of its backend that computes one thing otherwise, in NumPy.

    activations, loss, gradients: replace the backend's; the last two get its value as an argument.
    transform_gradients: changes the gradients on their way to the optimizer. rule: replaces the
    optimizer's equation for one parameter, where reaches accepts it. epoch: replaces the backend's
    loop, which it gets as an argument. Overrides can be nested. Overflow gives no warning, as in
    any backend.
    """
    backend = spec.Model
    innermost = not hasattr(backend, "steps_by_hand")
    nested = hasattr(backend, "overridden_step")
    steps_by_hand = bool(loss or gradients or transform_gradients or rule) or nested

    class Overridden(backend):  # type: ignore[misc, valid-type]
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
            computed = super().gradients(x, y)
            return gradients(self, x, y, computed) if gradients else computed

        def overridden_gradients(self, computed: Params) -> Params:
            before = super().overridden_gradients(computed) if nested else computed
            return transform_gradients(self, before) if transform_gradients else before

        def overridden_rule(
            self, i: int, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
        ) -> tuple[Array, Slots]:
            original = partial(super().overridden_rule, i) if nested else define
            replaced = rule is not None and reaches(self.net.parameters[i])
            here = partial(rule, original) if rule and replaced else original
            return here(o, w, g, slots, t)

        def step(self, x: Array, y: Array) -> float:
            return self.overridden_step(x, y) if steps_by_hand else super().step(x, y)

        if steps_by_hand:

            @quietly
            def overridden_step(self, x: Array, y: Array) -> float:
                before = self.loss(x, y)
                final = self.overridden_gradients(self.gradients(x, y))
                state = backend.state(self)
                backend.restore(self, _moved(self.optimizer, state, final, self.overridden_rule))
                return before

        @quietly
        def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
            loop: Loop = super().epoch
            if innermost and self.steps_by_hand:  # an attribute that the outermost override sets
                loop = partial(_step_by_step, self)
            if epoch:
                return epoch(self, loop, x, y, order, batch_size)
            return loop(x, y, order, batch_size)

    Overridden.steps_by_hand = steps_by_hand
    return replace(spec, Model=Overridden)


def _step_by_step(model: Model, x: Array, y: Array, order: Array, batch_size: int) -> Array:
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    return np.array([model.step(x[rows], y[rows]) for rows in batches], model.dtype)


def _moved(o: Optimizer, state: State, gradients: Params, rule: Callable[..., Any]) -> State:
    """The state after one step."""
    t = int(state.get("step", 0)) + 1
    new: State = {"step": np.array(t)} if isinstance(o, Adam) else {}
    for i, g in enumerate(gradients):
        w = state[f"param_{i}"]
        weight, slots = rule(i, o, w, g, [state[f"{slot}_{i}"] for slot in o.slots], t)
        new[f"param_{i}"] = weight.astype(w.dtype)
        new |= {
            f"{slot}_{i}": array.astype(w.dtype) for slot, array in zip(o.slots, slots, strict=True)
        }
    return new


def has_momentum(spec: RunSpec) -> bool:
    """Whether the run's optimizer is SGD with momentum."""
    return isinstance(spec.optimizer, SGD) and spec.optimizer.momentum > 0


def has_adam(spec: RunSpec) -> bool:
    """Whether the run's optimizer is Adam."""
    return isinstance(spec.optimizer, Adam)


def is_sgd(spec: RunSpec) -> bool:
    """Whether the run's optimizer is SGD, with or without momentum."""
    return isinstance(spec.optimizer, SGD)


def has_penalty(spec: RunSpec) -> bool:
    """Whether the network has an L2 penalty."""
    return spec.net.l2 > 0


def has_hidden(spec: RunSpec) -> bool:
    """Whether there are units to drop: a dense layer or a convolution before the last layer."""
    return any(isinstance(layer, Dense | Conv2D) for layer in spec.net.layers[:-1])


def has_layer(spec: RunSpec, accepts: Callable[[Any], bool]) -> bool:
    """Whether there is a layer that this accepts, also inside a residual."""
    return any(accepts(layer) for layer in flat(spec.net.layers))


def count_of_losses(net: Net, y: Array) -> int:
    """How many losses the loss of a batch is the mean of: one for each row, or place of a row."""
    return y.size if net.loss == "softmax" else y.size // net.n_out


def has_softmax(spec: RunSpec) -> bool:
    """Whether the loss is softmax cross-entropy."""
    return spec.net.loss == "softmax"
