"""Laws of the update: one step, an epoch of them, and what the optimizer remembers.

Updates are held against the optimizers' equations in `compare/update.py`, from the engine's own
gradients and from histories drawn at random.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Net, Optimizer, State
from compare.budgets import TRAJECTORY
from compare.update import updated
from tests.comparing import all_equal, close, equal, must
from tests.conformance.cases import Case
from tests.conformance.subject import Subject, reference
from tests.tolerances import CLEAR_OF_KINKS, COMPILED_EPOCH, UPDATE

STEPS = 3  # that are followed one after the other


def law_step(subject: Subject, case: Case) -> None:
    """Step after step moves weights and slots as the optimizer's equation says, from any history.

    What an optimizer keeps beside its state, such as the largest second moment so far, shows after
    its first step.
    """
    model, here = subject.model(case), case
    for _ in range(STEPS):
        gradients = model.gradients(case.x, case.y)
        model.step(case.x, case.y)
        after = model.state()
        check_update(subject, here, case.optimizer, gradients, after)
        here = replace(case, state=after)
        if here.bounds.margins.min() <= CLEAR_OF_KINKS:
            return


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
    check_calls("an epoch is its steps, one by one", subject, case, roundings, [in_order(case)])


def law_epoch_in_two_calls(subject: Subject, case: Case) -> None:
    """An epoch handed over in two calls is the epoch, whether or not it is restored in between.

    The second call gets other rows, labels and row numbers in the same arrays.
    """
    law = "an epoch in two calls is its steps, one by one"
    calls = [in_order(case), reversed_order(case)]
    check_calls(law, subject, case, COMPILED_EPOCH if subject.cls.device == "gpu" else 0, calls)
    model = subject.model(case)
    model.epoch(*calls[0], case.batch_size)
    between = model.state()
    losses = model.epoch(*calls[1], case.batch_size)
    want = model.state()
    model.restore(between)
    law = "restored between two calls, an epoch goes on as if never interrupted"
    equal(law, "losses of the second call", model.epoch(*calls[1], case.batch_size), losses)
    all_equal(law, "state", model.state(), want)


Call = tuple[Array, Array, Array]  # what an epoch is handed: x, y, order


def in_order(case: Case) -> Call:
    """The case's data."""
    return case.x, case.y, case.order


def reversed_order(case: Case) -> Call:
    """The case's data from the last to the first, so that nothing new need be compiled."""
    return case.x[::-1], case.y[::-1], case.order[::-1]


def check_calls(law: str, subject: Subject, case: Case, roundings: int, calls: list[Call]) -> None:
    """Epochs one after the other, handed over in the same arrays, are their steps."""
    size, within = case.batch_size, roundings * subject.eps
    model, losses = subject.model(case), []
    for x, y, order in calls:
        batches = [order[i : i + size] for i in range(0, len(order), size)]
        losses.append([model.step(x[rows], y[rows]) for rows in batches])
    want = model.state()
    model, handed = subject.model(case), [array.copy() for array in calls[0]]
    for call, expected in zip(calls, losses, strict=True):
        for array, numbers in zip(handed, call, strict=True):
            array[...] = numbers
        what = "losses" if call is calls[0] else "losses of the second call"
        largest = max(1.0, *np.abs(expected))
        got = model.epoch(*handed, size)
        close(law, what, got, np.array(expected, subject.dtype), within * largest)
    after = model.state()
    must(law, set(after) == set(want), f"the state has the names {sorted(after)}")
    for name, array in want.items():
        close(law, name, after[name], array, within * max(1.0, np.abs(array).max()))


def law_long_epoch(subject: Subject) -> None:
    """An epoch of ten thousand rows is its two halves, to the bit, in small batches and large.

    And it is the reference's, by the budget of lesson 3, which trains such a network as long: a
    rate that is lowered after some steps is another run.
    """
    law = "a long epoch is its two halves"
    rng = np.random.default_rng(0)
    net, start = Net((Dense(3, 2),), "softmax"), [rng.normal(size=(3, 2)), np.zeros(2)]
    x, y, order = rng.normal(size=(7, 3)), rng.integers(0, 2, 7), rng.integers(0, 7, 10_000)
    whole, halves, other = (
        cls(net, start, SGD(0.5, 0.9))
        for cls in (subject.cls, subject.cls, reference(subject.dtype))
    )
    budget = TRAJECTORY[3, subject.dtype]
    for batch_size in (100, 5_000):
        parts = [halves.epoch(x, y, half, batch_size) for half in np.split(order, 2)]
        got = whole.epoch(x, y, order, batch_size)
        equal(law, f"losses in batches of {batch_size}", got, np.concatenate(parts))
        all_equal(law, f"state after batches of {batch_size}", whole.state(), halves.state())
        want = other.epoch(x, y, order, batch_size)
        what = f"of a long epoch in batches of {batch_size}, losses"
        close("a long epoch is the reference's", what, got, want, budget.for_losses(want))


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
