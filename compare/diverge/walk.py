"""Walk through a run step by step, and yield every quantity as soon as it is computed."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from adapters.contract import Adam, Array, Model, Net, State
from compare.diverge.sketch import Quantity
from course.networks import names_of_outputs, names_of_parameters
from injections.run_spec import EPOCHS, RunSpec

CALLS = EPOCHS  # calls of a run's `epoch`; a fault between two calls shows in the second


def walk(
    spec: RunSpec, start: tuple[int, State] = (0, {}), steps: int | None = None
) -> Iterator[Quantity]:
    """Yield every quantity of a run, in the order in which a run depends on them.

    start: a step, and a state to enter it with instead of the one that earlier steps would leave.
    steps: how many; by default the whole run, followed by its repetition in calls of `epoch`.
    """
    yield Quantity(-1, "data", "x", spec.x)
    yield Quantity(-1, "data", "y", spec.y)
    first, state = start
    model = spec.Model(spec.net, spec.initial, spec.optimizer_at(first))
    for name, p in with_names(spec.net, model.params()):
        yield Quantity(-1, "initial weights", name, p)
    if state:
        model.restore(state)
    stop = len(spec.batches) if steps is None else first + steps
    for step in range(first, stop):
        model = _at(spec, model, step)
        yield from _step(spec, model, step)
    if steps is None:
        yield from _calls(spec)


def states(spec: RunSpec, steps: int) -> Iterator[tuple[State, list[Array]]]:
    """The state before each of the first steps, and the outputs of its layers.

    The last pair is the state after these steps, without outputs.
    """
    model = spec.Model(spec.net, spec.initial, spec.optimizer)
    for step in range(min(steps, len(spec.batches))):
        model = _at(spec, model, step)
        x, y = spec.batch(step)
        yield _plain(model.state()), model.activations(x)
        model.step(x, y)
    yield _plain(model.state()), []


def _plain(state: State) -> State:
    return {k: v for k, v in state.items() if not k.endswith("_remainder")}


def _at(spec: RunSpec, model: Model, step: int) -> Model:
    """The model for this step, with the step's learning rate."""
    optimizer = spec.optimizer_at(step)
    if optimizer == model.optimizer:
        return model
    return model.with_learning_rate(optimizer.learning_rate)


def _step(spec: RunSpec, model: Model, step: int) -> Iterator[Quantity]:
    x, y = spec.batch(step)
    yield Quantity(step, "batch", "x", x)
    yield Quantity(step, "batch", "y", y)
    for name, a in zip(names_of_outputs(spec.net), model.activations(x), strict=True):
        yield Quantity(step, "layer output", name, a)
    yield Quantity(step, "loss", "loss", np.array(model.loss(x, y)))
    for name, g in with_names(spec.net, model.gradients(x, y)):
        yield Quantity(step, "gradient", name, g)
    yield Quantity(step, "loss", "loss of the step", np.array(model.step(x, y)))
    yield from _memory(spec, model, step)
    for name, p in with_names(spec.net, model.params()):
        yield Quantity(step, "update", name, p)


def _memory(spec: RunSpec, model: Model, step: int, when: str = "") -> Iterator[Quantity]:
    """The optimizer's slots."""
    state = model.state()
    for slot in model.optimizer.slots:
        arrays = [state[f"{slot}_{i}"] for i in range(len(spec.net.shapes))]
        for name, array in with_names(spec.net, arrays):
            tensor = f"{slot.replace('_', ' ')} of {name}{when}"
            yield Quantity(step, "optimizer slot", tensor, array)
    if isinstance(model.optimizer, Adam):
        yield Quantity(step, "optimizer slot", f"t{when}", state["step"])


def _calls(spec: RunSpec) -> Iterator[Quantity]:
    """The whole run again in the backend's own loop, one epoch per call.

    Where an epoch is a single step, several are passed in one call, as a lesson does. The calls are
    numbered as steps after the last.
    """
    if spec.labels is not spec.batches:  # `epoch` takes no labels from other rows
        return
    model = spec.Model(spec.net, spec.initial, spec.optimizer)
    last, per_epoch = len(spec.batches), spec.steps_per_epoch
    in_a_call = per_epoch * -(-last // (CALLS * per_epoch))
    for call, first in enumerate(range(0, last, in_a_call)):
        model, when = _at(spec, model, first), f" in call {call + 1}" if call else ""
        batches = spec.batches[first : first + in_a_call]
        losses = model.epoch(spec.x, spec.y, np.concatenate(batches), len(batches[0]))
        finite = np.isfinite(losses)
        if not finite.all():  # up to the overflow, so that the shape shows where it happened
            losses = losses[: int(np.argmin(finite))]
        yield Quantity(last + call, "epoch", f"losses{when}", losses)
        yield from _memory(spec, model, last + call, when)
        for name, p in with_names(spec.net, model.params()):
            yield Quantity(last + call, "epoch", f"{name}{when}", p)


def with_names(net: Net, arrays: list[Array]) -> Iterator[tuple[str, Array]]:
    """Each parameter's array with its name."""
    return zip(names_of_parameters(net), arrays, strict=True)
