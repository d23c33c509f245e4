"""Walk through a run step by step, and hand over every quantity as soon as it is known."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adapters.contract import Adam, Array, Model, State
from compare.diverge.sketch import Quantity
from injections.run_spec import EPOCHS, RunSpec

CALLS = EPOCHS  # of a run's `epoch`: what goes wrong between two calls shows in the second


def walk(
    recipe: RunSpec, start: tuple[int, State] = (0, {}), steps: int | None = None
) -> Iterator[Quantity]:
    """Every quantity of a run, in the order in which a run depends on them.

    start: a step, and the state to enter it with in place of what the steps before would have left.
    steps: how many; to the end of the run, and then once more in calls of `epoch`, if left out.
    """
    yield Quantity(-1, "data", "x", recipe.x)
    yield Quantity(-1, "data", "y", recipe.y)
    first, state = start
    model = recipe.Model(recipe.net, recipe.initial, recipe.optimizer_at(first))
    for name, p in named(model.params()):
        yield Quantity(-1, "initial weights", name, p)
    if state:
        model.restore(state)
    stop = len(recipe.batches) if steps is None else first + steps
    for step in range(first, stop):
        model = _at(recipe, model, step)
        yield from _step(recipe, model, step)
    if steps is None:
        yield from _calls(recipe)


def states(recipe: RunSpec, steps: int) -> Iterator[tuple[State, list[Array]]]:
    """Weights and memory as each of the first steps finds them, and what its layers put out.

    At last what the steps have left, with no outputs.
    """
    model = recipe.Model(recipe.net, recipe.initial, recipe.optimizer)
    for step in range(min(steps, len(recipe.batches))):
        model = _at(recipe, model, step)
        x, y = recipe.batch(step)
        yield _plain(model.state()), model.activations(x)
        model.step(x, y)
    yield _plain(model.state()), []


def _plain(state: State) -> State:
    return {k: v for k, v in state.items() if not k.endswith("_remainder")}


def _at(recipe: RunSpec, model: Model, step: int) -> Model:
    """The model as this step needs it: a lower learning rate is a new model with the old state."""
    optimizer = recipe.optimizer_at(step)
    if optimizer == model.optimizer:
        return model
    lowered = recipe.Model(recipe.net, model.params(), optimizer)
    lowered.restore(model.state())
    return lowered


def _step(recipe: RunSpec, model: Model, step: int) -> Iterator[Quantity]:
    x, y = recipe.batch(step)
    yield Quantity(step, "batch", "x", x)
    yield Quantity(step, "batch", "y", y)
    for i, a in enumerate(model.activations(x)):
        yield Quantity(step, "layer output", f"layer {i}", a)
    yield Quantity(step, "loss", "loss", np.array(model.loss(x, y)))
    for name, g in named(model.gradients(x, y)):
        yield Quantity(step, "gradient", name, g)
    yield Quantity(step, "loss", "loss of the step", np.array(model.step(x, y)))
    yield from _memory(recipe, model, step)
    for name, p in named(model.params()):
        yield Quantity(step, "update", name, p)


def _memory(recipe: RunSpec, model: Model, step: int, when: str = "") -> Iterator[Quantity]:
    """What the optimizer remembers."""
    state = model.state()
    for slot in model.optimizer.slots:
        for name, array in named([state[f"{slot}_{i}"] for i in range(len(recipe.net.shapes))]):
            tensor = f"{slot.replace('_', ' ')} of {name}{when}"
            yield Quantity(step, "optimizer slot", tensor, array)
    if isinstance(model.optimizer, Adam):
        yield Quantity(step, "optimizer slot", f"t{when}", state["step"])


def _calls(recipe: RunSpec) -> Iterator[Quantity]:
    """The run once more, in the backend's own loop: an epoch in each of its calls.

    Where an epoch is a single step several come in one call, as a lesson hands them over. The calls
    are numbered as steps after the last.
    """
    if recipe.labels is not recipe.batches:  # no loop can be told of labels in other places
        return
    model = recipe.Model(recipe.net, recipe.initial, recipe.optimizer)
    last, per_epoch = len(recipe.batches), recipe.steps_per_epoch
    in_a_call = per_epoch * -(-last // (CALLS * per_epoch))
    for call, first in enumerate(range(0, last, in_a_call)):
        model, when = _at(recipe, model, first), f" in call {call + 1}" if call else ""
        batches = recipe.batches[first : first + in_a_call]
        losses = model.epoch(recipe.x, recipe.y, np.concatenate(batches), len(batches[0]))
        finite = np.isfinite(losses)
        if not finite.all():  # as far as there are numbers: where they end is its shape
            losses = losses[: int(np.argmin(finite))]
        yield Quantity(last + call, "epoch", f"losses{when}", losses)
        yield from _memory(recipe, model, last + call, when)
        for name, p in named(model.params()):
            yield Quantity(last + call, "epoch", f"{name}{when}", p)


def named(arrays: list[Array]) -> Iterator[tuple[str, Array]]:
    """W0, b0, W1, b1, … and the arrays that belong to them."""
    for i, array in enumerate(arrays):
        yield f"{'Wb'[i % 2]}{i // 2}", array
