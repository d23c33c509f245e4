"""Injections into the training loop: what it clears, what it leaves untrained, what it reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from adapters.contract import Adam, Array, Model, Optimizer, Parameter, Params, State
from injections.injection import Define, Injection, Loop, has_penalty, override
from injections.losses import penalty, pull
from injections.optimizer_rules import Slots
from injections.run_spec import RunSpec
from injections.wrapped import wrapped


def _rule_at_first_step(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    return define(o, w, g, [np.zeros_like(slot) for slot in slots], 1)


def _frozen(
    define: Define, o: Optimizer, w: Array, g: Array, slots: Slots, t: int
) -> tuple[Array, Slots]:
    return w, slots


def _layer_of(parameter: Parameter) -> str:
    return parameter.name.rpartition(".")[0]


def _without(chosen: Callable[[list[str]], list[str]]) -> Callable[[RunSpec], RunSpec]:
    """chosen: of the layers with parameters, in order, those that stay as they are."""

    def into(spec: RunSpec) -> RunSpec:
        layers = list(dict.fromkeys(map(_layer_of, spec.net.parameters)))
        still = chosen(layers)
        return override(spec, rule=_frozen, reaches=lambda p: _layer_of(p) in still)

    return into


def _has_layers(spec: RunSpec) -> bool:
    return len({_layer_of(p) for p in spec.net.parameters}) > 1


def _initial_again(
    model: Model, loop: Loop, x: Array, y: Array, order: Array, batch_size: int
) -> Array:
    state = model.state()
    first = getattr(model, "first_weights", None)
    if first is None:
        model.first_weights = [p.copy() for p in model.params()]  # type: ignore[attr-defined]
    else:
        model.restore(state | {f"param_{i}": p for i, p in enumerate(first)})
    return loop(x, y, order, batch_size)


def _last_loss(model: Model, loop: Loop, x: Array, y: Array, order: Array, size: int) -> Array:
    losses = loop(x, y, order, size)
    return np.full_like(losses, losses[-1])


def _over_all_rows(
    model: Model, loop: Loop, x: Array, y: Array, order: Array, batch_size: int
) -> Array:
    losses = loop(x, y, order, batch_size)
    return (losses / len(order)).astype(losses.dtype)


def _in_parts(spec: RunSpec) -> bool:
    return spec.steps_per_epoch > 1


def _decay_of_everything(spec: RunSpec) -> RunSpec:
    """The penalty in the optimizer's gradient, of every parameter, and not in the loss."""

    def loss(model: Model, x: Array, y: Array, value: float) -> float:
        return value - penalty(model)

    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        return [g - p for g, p in zip(computed, pull(model), strict=True)]

    def transform(model: Model, computed: Params) -> Params:
        return [g + model.net.l2 * p for g, p in zip(computed, model.params(), strict=True)]

    return override(spec, loss=loss, gradients=gradients, transform_gradients=transform)


def _averaged_penalty(spec: RunSpec) -> RunSpec:
    """½·l2 times the mean of W², for its sum."""

    def kernels(model: Model) -> list[tuple[bool, Array]]:
        both = zip(model.net.parameters, model.params(), strict=True)
        return [(own.is_penalized, p) for own, p in both]

    def loss(model: Model, x: Array, y: Array, value: float) -> float:
        means = sum(float((p * p).mean()) for penalized, p in kernels(model) if penalized)
        return value - penalty(model) + 0.5 * model.net.l2 * means

    def gradients(model: Model, x: Array, y: Array, computed: Params) -> Params:
        return [
            g - (1 - 1 / p.size) * model.net.l2 * p if penalized else g
            for g, (penalized, p) in zip(computed, kernels(model), strict=True)
        ]

    return override(spec, loss=loss, gradients=gradients)


def _reports_without_penalty(spec: RunSpec) -> RunSpec:
    """The penalty is in the gradients and steps, and in no loss that is reported."""

    class Bare(wrapped(spec.Model)):  # type: ignore[misc]
        def loss(self, x: Array, y: Array) -> float:
            return self.inner.loss(x, y) - penalty(self.inner)

        def step(self, x: Array, y: Array) -> float:
            before = penalty(self.inner)
            return self.inner.step(x, y) - before

        def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
            batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
            return np.array([self.step(x[rows], y[rows]) for rows in batches], self.dtype)

    return replace(spec, Model=Bare)


def _reports_afterwards(spec: RunSpec) -> RunSpec:
    class Afterwards(wrapped(spec.Model)):  # type: ignore[misc]
        def step(self, x: Array, y: Array) -> float:
            self.inner.step(x, y)
            return self.inner.loss(x, y)

        def epoch(self, x: Array, y: Array, order: Array, batch_size: int) -> Array:
            batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
            return np.array([self.step(x[rows], y[rows]) for rows in batches], self.dtype)

    return replace(spec, Model=Afterwards)


def _restores_weights_only(spec: RunSpec) -> RunSpec:
    """A restored Adam starts with t = 0 and the moments that it had."""

    class Forgets(wrapped(spec.Model)):  # type: ignore[misc]
        def restore(self, state: State) -> None:
            self.inner.restore(state | {"step": np.zeros_like(state["step"])})

    return replace(spec, Model=Forgets)


def _forgets_moments(spec: RunSpec) -> RunSpec:
    """A restored Adam has the weights alone: neither moments nor a count."""

    class Forgets(wrapped(spec.Model)):  # type: ignore[misc]
        def restore(self, state: State) -> None:
            emptied = {
                k: v if k.startswith("param") else np.zeros_like(v) for k, v in state.items()
            }
            self.inner.restore({k: v for k, v in emptied.items() if not k.endswith("_remainder")})

    return replace(spec, Model=Forgets)


def _is_lowered(spec: RunSpec) -> bool:
    return spec.lowered_from < len(spec.batches)


INJECTIONS = [
    Injection(
        "first_layer_not_trained", "{backend} does not train the first layer",
        "Register every layer (ModuleList, not a list) and hand all to the optimizer.",
        _without(lambda layers: layers[:1]), _has_layers,
    ),
    Injection(
        "last_layer_not_trained", "{backend} does not train the last layer",
        "Hand the optimizer the parameters of every layer, the head too.",
        _without(lambda layers: layers[-1:]), _has_layers,
    ),
    Injection(
        "only_last_layer_trained", "{backend} trains the last layer alone",
        "Register every layer (ModuleList, not a list), and unfreeze them.",
        _without(lambda layers: layers[:-1]),
        lambda r: len({_layer_of(p) for p in r.net.parameters}) > 2,
    ),
    Injection(
        "memory_lost_each_step", "{backend}'s optimizer is a new one at every step",
        "Make the optimizer once, before the loop.",
        lambda r: override(r, rule=_rule_at_first_step),
        lambda r: isinstance(r.optimizer, Adam),
    ),
    Injection(
        "step_count_not_restored", "{backend}'s Adam counts from zero after it is restored",
        "Save and restore the step count with the moments.",
        _restores_weights_only, lambda r: isinstance(r.optimizer, Adam) and _is_lowered(r),
    ),
    Injection(
        "adam_memory_not_restored",
        "{backend}'s Adam is restored without its moments and its count",
        "Save and restore the whole state of the optimizer.",
        _forgets_moments, lambda r: isinstance(r.optimizer, Adam) and _is_lowered(r),
    ),
    Injection(
        "weights_return_at_each_call",
        "{backend} starts each call of its loop from the initial weights",
        "Build and compile the model once; a second compile or build makes it new.",
        lambda r: override(r, epoch=_initial_again),
    ),
    Injection(
        "loop_reports_last_loss", "{backend}'s epoch reports its last loss for all of them",
        "Append each loss within the loop over batches.",
        lambda r: override(r, epoch=_last_loss), _in_parts,
    ),
    Injection(
        "loop_divides_by_all_rows", "{backend}'s epoch divides its mean losses by all of its rows",
        "Divide by the batches, or add up losses that are not means.",
        lambda r: override(r, epoch=_over_all_rows), entry="mean_over_uneven_batches",
    ),
    Injection(
        "loss_of_the_weights_after", "{backend} reports the loss after the step, not before it",
        "Take the loss before the update, or shift one of the curves.",
        _reports_afterwards,
    ),
    Injection(
        "penalty_not_reported", "{backend} reports its loss without the penalty",
        "Compare losses with the same terms; weight_decay is in none.",
        _reports_without_penalty, has_penalty, entry="weight_decay_of_sgd",
    ),
    Injection(
        "penalty_averaged", "{backend}'s penalty has the mean of W² where its sum belongs",
        "Add up the squares: with a mean the penalty of a large kernel is next to nothing.",
        _averaged_penalty, has_penalty,
    ),
    Injection(
        "weight_decay_of_everything",
        "{backend} has its L2 penalty in the optimizer's gradient, of the biases too",
        "Put biases into a parameter group of their own, with weight_decay 0.",
        _decay_of_everything, has_penalty, entry="weight_decay_reaches_biases",
    ),
]  # fmt: skip
