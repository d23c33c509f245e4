"""Laws of the update: one step, an epoch of them, and what the optimizer remembers.

Updates are held against the optimizers' equations in `compare/update.py`, from the engine's own
gradients and from histories drawn at random.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, State
from compare.update import updated
from tests.comparing import all_equal, close, equal, must
from tests.conformance.cases import Case
from tests.conformance.subject import Subject
from tests.tolerances import COMPILED_EPOCH, UPDATE


def law_step(subject: Subject, case: Case) -> None:
    """One step moves weights and slots as the optimizer's equation says, from any history."""
    model = subject.model(case)
    gradients = model.gradients(case.x, case.y)
    model.step(case.x, case.y)
    check_update(subject, case, case.optimizer, gradients, model.state())


def check_update(
    subject: Subject, case: Case, optimizer: Optimizer, gradients: list[Array], after: State
) -> None:
    """The state after one update from this case is what the equation makes of these gradients."""
    law = "a step follows the optimizer's equation"
    errors = [2 * bound for bound in case.bounds.gradients]
    wanted = updated(optimizer, case.state, gradients, errors, subject.eps)
    for name, (value, budget) in wanted.items():
        close(law, name, after[name].astype(float), value, budget)
    if isinstance(optimizer, Adam):
        equal(law, "step", after["step"], np.array(int(case.state["step"]) + 1))


def law_loss_before_update(subject: Subject, case: Case) -> None:
    """`step` returns the loss before its update, and so does `epoch` for each batch."""
    law = "step returns the loss before the update"
    model = subject.model(case)
    want = model.loss(case.x, case.y)
    close(law, "loss", model.step(case.x, case.y), want, 2 * case.bounds.loss)
    must(law, np.isfinite(want), f"the loss is {want}")


def law_epoch_equals_steps(subject: Subject, case: Case) -> None:
    """An epoch is its steps, one by one: batch after batch of the order, the last one smaller.

    On a CPU to the bit. On a GPU a compiler may choose other kernels for a loop than for a step.
    """
    check_epoch(subject, case, COMPILED_EPOCH if subject.cls.device == "gpu" else 0)


def check_epoch(subject: Subject, case: Case, roundings: int) -> None:
    """An epoch and its steps differ by no more than these roundings of the largest number."""
    law = "an epoch is its steps, one by one"
    model = subject.model(case)
    starts = range(0, len(case.order), case.batch_size)
    batches = [case.order[i : i + case.batch_size] for i in starts]
    losses = [model.step(case.x[rows], case.y[rows]) for rows in batches]
    want = model.state()
    model = subject.model(case)
    got = model.epoch(case.x, case.y, case.order, case.batch_size)
    within = roundings * subject.eps
    largest = max(1.0, *np.abs(losses))
    close(law, "losses", got, np.array(losses, subject.dtype), within * largest)
    after = model.state()
    must(law, set(after) == set(want), f"the state has the names {sorted(after)}")
    for name, array in want.items():
        close(law, name, after[name], array, within * max(1.0, np.abs(array).max()))


def law_long_epoch(subject: Subject) -> None:
    """An epoch of ten thousand rows is its two halves, to the bit, in small batches and large."""
    law = "a long epoch is its two halves"
    rng = np.random.default_rng(0)
    net, start = Net((Dense(3, 2),), "softmax"), [rng.normal(size=(3, 2)), np.zeros(2)]
    x, y, order = rng.normal(size=(7, 3)), rng.integers(0, 2, 7), rng.integers(0, 7, 10_000)
    for batch_size in (100, 5_000):
        model = subject.cls(net, start, SGD(0.5, 0.9))
        halves = [model.epoch(x, y, half, batch_size) for half in np.split(order, 2)]
        want = model.state()
        model = subject.cls(net, start, SGD(0.5, 0.9))
        got = model.epoch(x, y, order, batch_size)
        equal(law, f"losses in batches of {batch_size}", got, np.concatenate(halves))
        all_equal(law, f"state after batches of {batch_size}", model.state(), want)


def law_state_continues(subject: Subject, case: Case) -> None:
    """From a stored state training goes on to the same bits as without the interruption."""
    law = "a restored run goes on as if never interrupted"
    model = subject.model(case)
    model.step(case.x, case.y)
    middle = model.state()
    loss = model.step(case.x, case.y)
    want = model.state()
    model.restore(middle)
    equal(law, "loss", model.step(case.x, case.y), loss)
    all_equal(law, "state", model.state(), want)


def law_state_crosses_engines(subject: Subject, case: Case) -> None:
    """A state of the reference goes on in the engine, and the engine's in the reference."""
    model, other = subject.model(case), subject.reference(case)
    model.step(case.x, case.y)
    other.step(case.x, case.y)
    for giver, taker in ((other, model), (model, other)):
        given = {k: v for k, v in giver.state().items() if not k.endswith("_remainder")}
        taker.restore(given)
        here = replace(case, state=given)
        gradients = taker.gradients(case.x, case.y)
        taker.step(case.x, case.y)
        check_update(subject, here, case.optimizer, gradients, taker.state())


def law_lower_learning_rate(subject: Subject, case: Case) -> None:
    """A new model with a lower learning rate, restored from the old state, goes on from there."""
    model = subject.model(case)
    model.step(case.x, case.y)
    middle = model.state()
    lower = replace(case.optimizer, learning_rate=case.optimizer.learning_rate / 1000)
    slower = subject.model(case, lower)
    slower.restore(middle)
    gradients = slower.gradients(case.x, case.y)
    slower.step(case.x, case.y)
    check_update(subject, replace(case, state=middle), lower, gradients, slower.state())


def law_state_names(subject: Subject, case: Case) -> None:
    """A state has the contract's names, shapes and dtypes, and is what was restored."""
    law = "a state has the contract's names"
    state = {k: v for k, v in subject.model(case).state().items() if not k.endswith("_remainder")}
    must(law, set(state) == set(case.state), f"{sorted(state)} instead of {sorted(case.state)}")
    for name, want in case.state.items():
        must(law, isinstance(state[name], np.ndarray), f"{name} is a {type(state[name]).__name__}")
        # Keras keeps −η·v: a product going in and a quotient coming out, half an ε each.
        close(law, name, state[name], want, UPDATE * subject.eps * np.abs(want))
