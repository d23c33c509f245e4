"""Laws of the update: a step, an epoch of steps, and the optimizer's slots.

Updates are compared with the optimizers' equations in `optimizer_bounds.py`, applied to the
backend's own gradients and to random slots.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adapters.contract import SGD, Adam, Array, Dense, Model, Net, Optimizer, State
from adapters.laws.cases import Case
from adapters.laws.comparing import all_equal, close, equal, must
from adapters.laws.optimizer_bounds import updated
from adapters.laws.subject import Subject, reference
from adapters.laws.tolerances import CLEAR_OF_KINKS, COMPILED_EPOCH, UPDATE, long_epoch

STEPS = 3  # that law_step makes


def law_step(subject: Subject, case: Case) -> None:
    """Each step moves weights and slots by the optimizer's equation, from any state.

    Memory outside the state, such as the largest second moment so far, shows after the first step.
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
    """Assert that the state after one update follows the equation, for these gradients."""
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
    """An epoch equals its steps: one for each batch of the order, the last of which may be smaller.

    On a CPU to the bit, for dense layers. On a GPU a compiler may choose other kernels for a loop
    than for a step; and of other layers TensorFlow may add the parts of a gradient, its penalty and
    the velocity in another order (one ε, on a CPU in float32).
    """
    check_epoch(subject, case, roundings_of_epoch(subject, case))


def roundings_of_epoch(subject: Subject, case: Case) -> int:
    """How many ε an epoch may be from its steps."""
    return 0 if case.net.is_dense and subject.cls.device == "cpu" else COMPILED_EPOCH


def check_epoch(subject: Subject, case: Case, roundings: int) -> None:
    """Assert that an epoch and its steps differ by at most this many ε of the largest number."""
    law = "an epoch is its steps, one by one"
    model = subject.model(case)
    losses = one_by_one(model, case.x, case.y, case.order, case.batch_size)
    want = model.state()
    model = subject.model(case)
    got = model.epoch(case.x, case.y, case.order, case.batch_size)
    check_losses(law, "losses", got, losses, roundings * subject.eps)
    check_state(law, model.state(), want, roundings * subject.eps)


def one_by_one(model: Model, x: Array, y: Array, order: Array, size: int) -> list[float]:
    """The losses of an epoch that is made in steps."""
    batches = [order[i : i + size] for i in range(0, len(order), size)]
    return [model.step(x[rows], y[rows]) for rows in batches]


def check_losses(law: str, what: str, got: Array, want: list[float], within: float) -> None:
    """Assert that losses equal those of the steps, within a share of the largest."""
    close(law, what, got, np.array(want, got.dtype), within * max(1.0, *np.abs(want)))


def check_state(law: str, got: State, want: State, within: float) -> None:
    """Assert that weights and slots equal those of the steps, within a share of the largest."""
    must(law, set(got) == set(want), f"the state has the names {sorted(got)}")
    for name, array in want.items():
        close(law, name, got[name], array, within * max(1.0, np.abs(array).max()))


def law_epoch_in_two_calls(subject: Subject, case: Case) -> None:
    """An epoch in two calls equals its steps, also if the state is restored in between.

    The second call gets other rows, labels and row numbers in the same arrays.
    """
    law = "an epoch in two calls is its steps, one by one"
    within = roundings_of_epoch(subject, case) * subject.eps
    first = (case.x, case.y, case.order)
    second = (case.x[::-1], case.y[::-1], case.order[::-1])
    model, size = subject.model(case), case.batch_size
    losses = [one_by_one(model, x, y, order, size) for x, y, order in (first, second)]
    want = model.state()
    model, arrays = subject.model(case), (case.x.copy(), case.y.copy(), case.order.copy())
    check_losses(law, "losses of the first call", model.epoch(*arrays, size), losses[0], within)
    between = model.state()
    for array, numbers in zip(arrays, second, strict=True):
        array[...] = numbers
    for what in ("losses of the second call", "restored in between, losses of the second call"):
        check_losses(law, what, model.epoch(*arrays, size), losses[1], within)
        check_state(law, model.state(), want, within)
        model.restore(between)


def law_long_epoch(subject: Subject) -> None:
    """An epoch of ten thousand rows equals its two halves to the bit, in small and large batches.

    It also agrees with the reference, within the budget of lesson 3, which trains such a network as
    long. A learning rate that is lowered after some steps would be detected.
    """
    law = "a long epoch is its two halves"
    rng = np.random.default_rng(0)
    net, start = Net((Dense(3, 2),), "softmax"), [rng.normal(size=(3, 2)), np.zeros(2)]
    x, y, order = rng.normal(size=(7, 3)), rng.integers(0, 2, 7), rng.integers(0, 7, 10_000)
    whole, halves, other = (
        cls(net, start, SGD(0.5, 0.9))
        for cls in (subject.cls, subject.cls, reference(subject.dtype))
    )
    for batch_size in (100, 5_000):
        parts = [halves.epoch(x, y, half, batch_size) for half in np.split(order, 2)]
        got = whole.epoch(x, y, order, batch_size)
        equal(law, f"losses in batches of {batch_size}", got, np.concatenate(parts))
        all_equal(law, f"state after batches of {batch_size}", whole.state(), halves.state())
        want = other.epoch(x, y, order, batch_size)
        what = f"of a long epoch in batches of {batch_size}, losses"
        close("a long epoch is the reference's", what, got, want, long_epoch(subject.dtype, want))


def law_state_continues(subject: Subject, case: Case) -> None:
    """From a stored state training continues to the same bits as without the interruption."""
    law = "a restored run continues as if never interrupted"
    model = subject.model(case)
    model.step(case.x, case.y)
    middle = model.state()
    loss = model.step(case.x, case.y)
    want = model.state()
    model.restore(middle)
    equal(law, "loss", model.step(case.x, case.y), loss)
    all_equal(law, "state", model.state(), want)


def law_state_crosses_backends(subject: Subject, case: Case) -> None:
    """The backend continues from a state of the reference, and the reference from the backend's."""
    model, other = subject.model(case), subject.reference(case)
    model.step(case.x, case.y)
    other.step(case.x, case.y)
    for source, target in ((other, model), (model, other)):
        state = {k: v for k, v in source.state().items() if not k.endswith("_remainder")}
        target.restore(state)
        here = replace(case, state=state)
        gradients = target.gradients(case.x, case.y)
        target.step(case.x, case.y)
        check_update(subject, here, case.optimizer, gradients, target.state())


def law_lower_learning_rate(subject: Subject, case: Case) -> None:
    """A new model with a lower learning rate continues from the restored state.

    So does this one with its rate lowered, to the same bits.
    """
    model = subject.model(case)
    model.step(case.x, case.y)
    middle = model.state()
    lower = replace(case.optimizer, learning_rate=case.optimizer.learning_rate / 1000)
    slower = subject.model(case, lower)
    slower.restore(middle)
    gradients = model.gradients(case.x, case.y)  # the same, and compiled already
    slower.step(case.x, case.y)
    check_update(subject, replace(case, state=middle), lower, gradients, slower.state())
    model = model.with_learning_rate(lower.learning_rate)
    law = "a model with its learning rate lowered is a new model with that rate"
    try:
        must(law, model.optimizer == lower, f"{model.optimizer} instead of {lower}")
        model.step(case.x, case.y)
        all_equal(law, "state", model.state(), slower.state())
    finally:  # it may be the one that other laws use
        model.with_learning_rate(case.optimizer.learning_rate)


def law_state_names(subject: Subject, case: Case) -> None:
    """A state has the contract's names, shapes and dtypes, and equals the restored one."""
    law = "a state has the contract's names"
    state = {k: v for k, v in subject.model(case).state().items() if not k.endswith("_remainder")}
    must(law, set(state) == set(case.state), f"{sorted(state)} instead of {sorted(case.state)}")
    for name, want in case.state.items():
        must(law, isinstance(state[name], np.ndarray), f"{name} is a {type(state[name]).__name__}")
        # Keras keeps −η·v, by a product in `restore` and a quotient in `state`, half an ε each.
        close(law, name, state[name], want, UPDATE * subject.eps * np.abs(want))
