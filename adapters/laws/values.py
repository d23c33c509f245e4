"""Laws of the numbers at one point: scores, loss and gradients.

They are compared with the reference and, since the reference is tested by these laws too, with
other formulas and with central differences.
"""

from __future__ import annotations

import numpy as np

from adapters.contract import Array, Net, Params
from adapters.laws.cases import Case
from adapters.laws.comparing import all_close, all_equal, close, equal
from adapters.laws.error_bounds import sides
from adapters.laws.subject import Subject
from adapters.laws.tolerances import epsilon, nudge


def law_params_round_trip(subject: Subject, case: Case) -> None:
    """`params` returns the assigned or restored weights to the last bit."""
    law = "params returns the weights that were set"
    model = subject.model(case)
    all_equal(law, "after restore, parameter", model.params(), case.params)
    others = [2 * p for p in case.params]
    model.assign(others)
    all_equal(law, "after assign, parameter", model.params(), others)


def law_assign_keeps_slots(subject: Subject, case: Case) -> None:
    """`assign` replaces the weights and leaves the optimizer's slots as they are."""
    model = subject.model(case)
    want = model.state() | {f"param_{i}": 2 * p for i, p in enumerate(case.params)}
    model.assign([2 * p for p in case.params])
    all_equal("assign keeps the optimizer's memory", "state", model.state(), want)


def law_forward(subject: Subject, case: Case) -> None:
    """Every layer's output equals the reference's, and the scores are the last of them.

    It also equals the judge's, who computes each layer by other formulas than the reference.
    """
    law = "forward equals the reference"
    model = subject.model(case)
    outputs = model.activations(case.x)
    budgets = [2 * b for b in case.bounds.activations]
    all_close(law, "activation", outputs, subject.reference(case).activations(case.x), budgets)
    values = [value.astype(case.dtype) for value in case.bounds.values]
    all_close("forward equals the judge's formulas", "activation", outputs, values, budgets)
    equal("forward is the last activation", "scores", model.forward(case.x), outputs[-1])


def law_loss(subject: Subject, case: Case) -> None:
    """The loss equals the reference's."""
    got = subject.model(case).loss(case.x, case.y)
    want = subject.reference(case).loss(case.x, case.y)
    close("loss equals the reference", "loss", got, want, 2 * case.bounds.loss)


def law_loss_definition(subject: Subject, case: Case) -> None:
    """The loss is that of contract.py for the scores, plus ½·l2·Σ W² over the kernels."""
    model = subject.model(case)
    kernels = [case.params[i] for i in case.net.penalized]
    want = mean_loss(case.net, model.forward(case.x), case.y)
    want += 0.5 * case.net.l2 * sum(float(np.sum(w.astype(float) ** 2)) for w in kernels)
    got = model.loss(case.x, case.y)
    close("loss follows its definition", "loss", got, want, 2 * case.bounds.loss)


def mean_loss(net: Net, scores: Array, y: Array) -> float:
    """The loss of contract.py in float64, by other formulas than the backends use."""
    z = scores.reshape(-1, net.n_out).astype(float)  # each place of a sequence is a row
    y = y.reshape(-1) if net.loss == "softmax" else y.reshape(z.shape)
    if net.loss == "softmax":
        rows = np.logaddexp.reduce(z, axis=1) - np.take_along_axis(z, y[:, None], 1)[:, 0]
    elif net.loss == "logistic":
        rows = np.sum(np.logaddexp(0, np.where(y == 1, -z, z)), axis=1)
    elif net.loss == "squared":
        rows = np.einsum("ij,ij->i", z - y, z - y)
    else:
        rows = np.sum(np.clip(-y * z, 0, None), axis=1)
    return float(np.mean(rows))


def law_gradients(subject: Subject, case: Case) -> None:
    """The gradients equal the reference's, parameter by parameter."""
    got = subject.model(case).gradients(case.x, case.y)
    want = subject.reference(case).gradients(case.x, case.y)
    budgets = [2 * b for b in case.bounds.gradients]
    all_close("gradients equal the reference", "gradient", got, want, budgets)


def law_central_differences(subject: Subject, case: Case) -> None:
    """Along a random direction the loss changes by the gradients' slope.

    The budget has three parts: the loss's rounding over the step 2h; the truncation, of which
    doubling the step would show three times as much (which is allowed in full); and the gradients'
    own rounding.
    """
    law = "gradients equal central differences"
    model = subject.model(case)
    gradients = model.gradients(case.x, case.y)
    rng = case.rng(1)
    for i in range(len(case.params)):
        direction = rng.choice([-1.0, 1.0], case.params[i].shape)
        h = smooth_step(subject, case, i, direction)
        near, rounding = slope(subject, case, i, direction, h)
        far, _ = slope(subject, case, i, direction, 2 * h)
        want = float(np.sum(gradients[i].astype(float) * direction))
        budget = rounding + abs(far - near) + 2 * float(case.bounds.gradients[i].sum())
        close(law, f"slope along parameter {i}", near, want, budget)


def moved(case: Case, i: int, by: Array) -> Params:
    """The weights with parameter i moved, in the run's dtype."""
    params = case.params
    params[i] = (params[i] + by).astype(case.dtype)
    return params


def smooth_step(subject: Subject, case: Case, i: int, direction: Array) -> float:
    """The best step of a central difference, halved until nothing crosses a kink on the way."""
    h = nudge(subject.dtype)

    def on(by: Array) -> list[Array]:
        return sides(case.net, moved(case, i, by), case.x)

    while any(
        not np.array_equal(up, down)
        for up, down in zip(on(2 * h * direction), on(-2 * h * direction), strict=True)
    ):
        h /= 2
    return h


def slope(subject: Subject, case: Case, i: int, direction: Array, h: float) -> tuple[float, float]:
    """The backend's central difference along a direction of parameter i, and its rounding error."""
    model = subject.model(case)
    up, down = moved(case, i, h * direction), moved(case, i, -h * direction)
    model.assign(up)
    above = model.loss(case.x, case.y)
    model.assign(down)
    below = model.loss(case.x, case.y)
    # The actual step: adding h to the weights rounds.
    steps = (up[i].astype(float) - down[i].astype(float)) * direction
    made = float(np.mean(steps))
    steepest = float(np.sum(np.abs(model.gradients(case.x, case.y)[i].astype(float))))
    rounding = (2 * case.bounds.loss + steepest * float(np.max(np.abs(steps - made)))) / made
    return (above - below) / made, rounding


def law_truth(subject: Subject, case: Case) -> None:
    """Scores, loss and gradients agree with float64's within the rounding of the run's dtype."""
    law = "values are float64's, rounded"
    truth, model = subject.reference(case, "float64"), subject.model(case)
    truth.assign([p.astype(float) for p in case.params])
    x, y = (a.astype(float) if a.dtype.kind == "f" else a for a in (case.x, case.y))
    # The bounds are of the run's dtype; the truth's own roundings are float64's.
    share = 1 + epsilon("float64") / subject.eps
    scores = model.forward(case.x).astype(float)
    close(law, "scores", scores, truth.forward(x), share * case.bounds.activations[-1])
    loss = model.loss(case.x, case.y)
    close(law, "loss", loss, truth.loss(x, y), share * case.bounds.loss)
    gradients = [g.astype(float) for g in model.gradients(case.x, case.y)]
    budgets = [share * b for b in case.bounds.gradients]
    all_close(law, "gradient", gradients, truth.gradients(x, y), budgets)
