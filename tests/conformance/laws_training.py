"""Laws of the update: one step, an epoch of them, and what the optimizer remembers.

The optimizers' equations are written out here once more in float64, from the engine's own gradients
and from histories drawn at random, so that no engine and not the reference is the judge.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from adapters.contract import SGD, Adam, Array, Optimizer, State
from tests.comparing import all_equal, close, equal, must
from tests.conformance.cases import Case
from tests.conformance.subject import Subject
from tests.tolerances import UPDATE

Entry = tuple[Array, Array]  # a value in float64, and its budget


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
    for i, g in enumerate(gradients):
        names = ["param", *optimizer.slots]
        before = [case.state[f"{name}_{i}"].astype(float) for name in names]
        err = 2 * case.bounds.gradients[i]
        t = int(case.state.get("step", 0)) + 1
        equation = adam if isinstance(optimizer, Adam) else sgd
        wanted = equation(optimizer, before[0], g.astype(float), err, before[1:], t, subject.eps)
        for name, (value, budget) in zip(names, wanted, strict=True):
            close(law, f"{name}_{i}", after[f"{name}_{i}"].astype(float), value, budget)
    if isinstance(optimizer, Adam):
        equal(law, "step", after["step"], np.array(int(case.state["step"]) + 1))


def sgd(
    o: SGD, w: Array, g: Array, err: Array, slots: list[Array], t: int, eps: float
) -> list[Entry]:
    """Plain: W − η·g; momentum: v = μ·v + g, W − η·v; Nesterov: W − η·(g + μ·v)."""
    eta, mu, u = o.learning_rate, o.momentum, UPDATE * eps
    v = mu * slots[0] + g if slots else g
    size = mu * np.abs(slots[0]) + np.abs(g) if slots else np.abs(g)  # what the sum is made of
    move = g + mu * v if o.nesterov else v
    moved = np.abs(g) + mu * size if o.nesterov else size
    weight = (w - eta * move, u * (np.abs(w) + eta * moved) + 2 * eta * err)
    return [weight, (v, u * size + err)] if slots else [weight]


def adam(
    o: Adam, w: Array, g: Array, err: Array, slots: list[Array], t: int, eps: float
) -> list[Entry]:
    """Kingma & Ba, algorithm 1, with the errors of its parts by the quotient rule."""
    u, rest_1, rest_2 = UPDATE * eps, 1 - o.beta_1, 1 - o.beta_2
    m = o.beta_1 * slots[0] + rest_1 * g
    v = o.beta_2 * slots[1] + rest_2 * g * g
    m_err = u * (o.beta_1 * np.abs(slots[0]) + rest_1 * np.abs(g)) + rest_1 * err
    v_err = u * v + 2 * rest_2 * np.abs(g) * err
    correction_1, correction_2 = -np.expm1(t * np.log(o.beta_1)), -np.expm1(t * np.log(o.beta_2))
    root = np.sqrt(v / correction_2)
    move = o.learning_rate * (m / correction_1) / (root + o.epsilon)
    # d√v = dv / 2√v; where v is 0 nothing moved it, and the quotient is taken as 0.
    wobble = np.divide(v_err, 2 * v, out=np.zeros_like(v), where=v > 0)
    move_err = o.learning_rate * m_err / correction_1 / (root + o.epsilon)
    move_err += np.abs(move) * (u + wobble)
    return [(w - move, u * np.abs(w) + move_err), (m, m_err), (v, v_err)]


def law_loss_before_update(subject: Subject, case: Case) -> None:
    """`step` returns the loss before its update, and so does `epoch` for each batch."""
    law = "step returns the loss before the update"
    model = subject.model(case)
    want = model.loss(case.x, case.y)
    close(law, "loss", model.step(case.x, case.y), want, 2 * case.bounds.loss)
    must(law, np.isfinite(want), f"the loss is {want}")


def law_epoch_equals_steps(subject: Subject, case: Case) -> None:
    """An epoch is its steps, one by one: batch after batch of the order, the last one smaller.

    A compiled epoch may sum in another order than a step, so each step may add its roundings; one
    step's are known, and the draws keep each following step as well conditioned as the first.
    """
    law = "an epoch is its steps, one by one"
    model = subject.model(case)
    starts = range(0, len(case.order), case.batch_size)
    batches = [case.order[i : i + case.batch_size] for i in starts]
    losses = [model.step(case.x[rows], case.y[rows]) for rows in batches]
    want = model.state()
    model = subject.model(case)
    got = model.epoch(case.x, case.y, case.order, case.batch_size)
    all_equal(law, "loss", got, np.array(losses, subject.dtype))
    all_equal(law, "state", model.state(), want)


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
