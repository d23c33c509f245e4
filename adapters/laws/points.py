"""Laws at chosen points: kinks, ties, extreme scores, and functions of scalar parameters."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from adapters import BACKENDS
from adapters.contract import SGD, Adam, Array, Dense, Loss, Model, Net, Params
from adapters.laws.comparing import all_close, all_equal, close, equal, must
from adapters.laws.error_bounds import bounds
from adapters.laws.optimizer_bounds import updated
from adapters.laws.subject import Subject
from adapters.laws.tolerances import LIBRARY_CALL
from adapters.laws.values import mean_loss

LOSSES: tuple[Loss, ...] = ("perceptron", "squared", "logistic", "softmax")
SOURCES = ("framework", "ours")  # whose formula moves the weights


def scorer(subject: Subject, loss: Loss, outputs: int) -> Model:
    """A model whose scores are its inputs: the identity as kernel, no bias."""
    net = Net((Dense(outputs, outputs),), loss)
    params: Params = [np.eye(outputs), np.zeros(outputs)]
    return subject.cls(net, params, SGD(1.0))


def law_relu_at_zero(subject: Subject) -> None:
    """The derivative of relu at zero is 0."""
    law = "relu'(0) = 0"
    net = Net((Dense(2, 2, "relu"), Dense(2, 1)), "squared")
    params: Params = [np.zeros((2, 2)), np.zeros(2), np.ones((2, 1)), np.zeros(1)]
    model = subject.cls(net, params, SGD(1.0))
    x, y = np.array([[1.0, 2.0]]), np.array([[1.0]])
    want = [np.zeros((2, 2)), np.zeros(2), np.zeros((2, 1)), np.array([-2.0])]
    all_equal(law, "gradient", model.gradients(x, y), [g.astype(subject.dtype) for g in want])


def law_perceptron_tie(subject: Subject) -> None:
    """At y·z = 0 the score counts as a mistake: loss 0, gradient −y·x, and the step corrects it."""
    law = "a tie is a mistake"
    net = Net((Dense(2, 2),), "perceptron")
    x, y = np.array([[1.0, 2.0]]), np.array([[1.0, -1.0]])
    model = subject.cls(net, [np.zeros((2, 2)), np.zeros(2)], SGD(1.0))
    want = [np.array([[-1.0, 1.0], [-2.0, 2.0]]), np.array([-1.0, 1.0])]
    want = [g.astype(subject.dtype) for g in want]
    must(law, model.loss(x, y) == 0, "the loss at a tie is not 0")
    all_equal(law, "gradient", model.gradients(x, y), want)
    must(law, model.step(x, y) == 0, "the loss of a step at a tie is not 0")
    all_equal(law, "after a step, parameter", model.params(), [-g for g in want])
    # A correct score has no gradient, whatever its margin.
    must(law, not any(g.any() for g in model.gradients(x, y)), "a right answer has a gradient")


def law_extreme_scores(subject: Subject) -> None:
    """Scores of ±10⁴ give finite losses, gradients and steps: no exponential overflows.

    Gradients are not clipped either.
    """
    law = "extreme scores have their finite loss"
    x = np.array([[1e4, -1e4, 0.0], [-1e4, 1e4, 1e4], [30.0, -30.0, 1e-3]])
    flags = np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0], [0.0, 1.0, 1.0]])
    for loss in LOSSES:
        y = np.array([1, 0, 2]) if loss == "softmax" else flags
        y = 2 * flags - 1 if loss == "perceptron" else y
        model = scorer(subject, loss, 3)
        exact = x.astype(subject.dtype)
        want = mean_loss(model.net, exact, y)
        # Each row's loss is a sum of a few positive terms.
        budget = (LIBRARY_CALL + x.size) * subject.eps * max(1.0, want)
        close(law, f"{loss} loss", model.loss(x, y), want, budget)
        gradients = model.gradients(x, y)
        must(law, all(np.isfinite(g).all() for g in gradients), f"{loss}: a gradient is not finite")
        eps = subject.eps
        errors = [2 * e for e in bounds(model.net, model.params(), exact, y, eps).gradients]
        moved = updated(model.optimizer, model.state(), gradients, errors, eps)
        model.step(x, y)
        wanted, budgets = zip(*moved.values(), strict=True)
        weights = [p.astype(float) for p in model.params()]
        all_close(law, f"{loss}: after a step, parameter", weights, wanted, budgets)


def law_not_finite(subject: Subject) -> None:
    """Infinities and NaN are returned as the framework computed them, without an error."""
    law = "numbers that are not finite are returned"
    huge = float(np.finfo(subject.dtype).max) / 4
    model = scorer(subject, "squared", 2)
    x, y = np.full((3, 2), huge), np.zeros((3, 2))
    must(law, np.isinf(model.loss(x, y)), "the loss of huge scores is not infinite")
    model.gradients(x, y)  # before a step: weights that are no numbers overflow no more
    model.gradients(3 * x, -3 * x)  # scores and targets so far apart that their gap is infinite
    must(law, np.isinf(model.step(x, y)), "the loss of a step on huge scores is not infinite")
    losses = model.epoch(x, y, np.arange(3), 1)
    must(law, not np.isfinite(losses).any(), "the losses of a diverged run are finite")
    must(law, not all(np.isfinite(p).all() for p in model.params()), "the weights stayed finite")
    model.restore(model.state())
    for bad in (np.nan, np.inf):
        model = scorer(subject, "squared", 2)
        got = model.forward(np.array([[bad, 1.0]]))
        must(law, not np.isfinite(got[0, 0]), f"the score of {bad} is {got[0, 0]}")
        must(law, not np.isfinite(model.loss(np.array([[bad, 1.0]]), np.zeros((1, 2)))), "no loss")


# name: a function in plain arithmetic, a point, its value there, and its gradient
POINTS = [(0.5, 2.0), (1.5, -1.0), (-2.0, 0.25)]
FUNCTIONS: dict[str, tuple[Callable[[Sequence[Any]], Any], list[float], float, list[float]]] = {
    "a parabola": (lambda k: (k[0] - 3) ** 2, [1.0], 4.0, [-4.0]),
    "a product and a quotient": (
        lambda k: k[0] * k[1] / (1 + k[1] * k[1]), [2.0, 2.0], 0.8, [0.4, -0.24]
    ),
    "powers": (lambda k: 2 * k[0] ** 3 - k[0] ** 0.5 + 1 / k[0], [4.0], 126.25, [95.6875]),
    "parameters that cancel": (lambda k: k[0] * k[1], [2.0, -2.0], -4.0, [-2.0, 2.0]),
    "an unused parameter": (lambda k: k[0] * 3.0 - 1, [0.5, 7.0, -2.0], 0.5, [3.0, 0.0, 0.0]),
    "a line through points": (
        lambda k: sum((k[0] * x + k[1] - y) ** 2 for x, y in POINTS) / len(POINTS),
        [0.5, -0.25],
        sum((0.5 * x - 0.25 - y) ** 2 for x, y in POINTS) / 3,
        [
            sum(2 * x * (0.5 * x - 0.25 - y) for x, y in POINTS) / 3,
            sum(2 * (0.5 * x - 0.25 - y) for x, y in POINTS) / 3,
        ],
    ),
    "an absolute value": (lambda k: abs(k[0]) + k[1], [-2.0, 1.0], 3.0, [-1.0, 1.0]),
    "a cube without its sign": (
        lambda k: abs(k[0]) ** 3 + abs(k[1] - 1) ** 3, [-1.7, 0.0], 5.913, [-8.67, -3.0]
    ),
    "the same, far out": (lambda k: abs(k[0]) ** 3, [-1000.0], 1e9, [-3e6]),
    "a curve with a large constant": (lambda k: k[0] * k[0] + 1e8, [3.0], 100_000_009.0, [6.0]),
    "a cube near its flat place": (lambda k: 1000 * k[0] ** 3, [1e-3], 1e-6, [3e-3]),
    "a choice": (lambda k: k[0] * k[0] if k[0] > 0 else -k[0], [3.0], 9.0, [6.0]),
}  # fmt: skip


# Functions for which the complex step fails, so that NumPy uses a central difference.
NOT_ANALYTIC = ("an absolute value", "a cube without its sign", "the same, far out", "a choice")


def law_derivative(subject: Subject) -> None:
    """Value and gradient of a function of scalar parameters, exact up to the run's rounding.

    |w| and a choice are not analytic, so NumPy uses a central difference there. At these points,
    where they are smooth, it errs by the truncation h² and the round-off ε/h, both about ε^(2/3).
    """
    law = "derivative gives value and slope"
    for name, (f, at, value, slope) in FUNCTIONS.items():
        if name == "a choice" and subject.cls.backend in ("pytensor", "keras-jax"):
            continue  # f runs on symbols, which are neither true nor false; contract.py allows it
        got, gradient = subject.cls.derivative(f, at)
        must(law, type(got) is float, f"{name}: the value is a {type(got).__name__}")
        must(law, gradient.flags.writeable, f"{name}: the gradient is read-only")
        size = max(1.0, abs(value), *map(abs, slope))
        # At most fifteen operations, each rounding once in the forward and the backward pass.
        budget = 30 * subject.eps * size
        close(law, f"{name}: value", got, value, budget)
        central = subject.cls.backend == "numpy" and name in NOT_ANALYTIC
        extra = 10 * float(np.finfo(float).eps) ** (2 / 3) * size if central else 0.0
        close(law, f"{name}: gradient", gradient, np.array(slope, subject.dtype), budget + extra)
    value, _ = scorer(subject, "squared", 1).derivative(lambda k: 2 * k[0], [4.0])
    must(law, value == 8, f"called on a model it is {value}, and on its class 8.0")


def law_update(subject: Subject) -> None:
    """`optimizer_source` is "framework" or "ours", as known for each backend and optimizer."""
    law = "optimizer_source says whose formula moves the weights"
    keras = {(name, "SGD") for name in ("keras", "keras-torch", "keras-jax")}
    framework = {("torch", "SGD"), ("torch", "Adam")} | keras
    net = Net((Dense(2, 1),), "squared")
    for optimizer in (SGD(0.1), Adam()):
        model = subject.cls(net, [np.zeros((2, 1)), np.zeros(1)], optimizer)
        name = (subject.cls.backend, type(optimizer).__name__)
        # For a third-party backend either value is accepted.
        known = subject.cls.backend in BACKENDS
        want = ("framework" if name in framework else "ours",) if known else SOURCES
        source = model.optimizer_source
        must(law, source in want, f"{name} says {source!r}, not {' or '.join(want)}")


def law_defaults(subject: Subject) -> None:
    """DEFAULTS is plain data, which JSON preserves."""
    law = "DEFAULTS is plain data"
    defaults: Any = subject.cls.DEFAULTS
    must(law, isinstance(defaults, dict) and defaults, f"it is {defaults!r}")

    def listed(value: Any) -> Any:  # JSON knows no tuples
        if isinstance(value, dict):
            return {k: listed(v) for k, v in value.items()}
        return [listed(v) for v in value] if isinstance(value, list | tuple) else value

    restored = json.loads(json.dumps(defaults))
    must(law, restored == listed(defaults), f"JSON does not preserve {defaults!r}")


def law_first_adam_steps(subject: Subject) -> None:
    """From empty slots, Adam's first steps are η·sign(g) for a constant g, up to ε."""
    law = "Adam counts its steps from one"
    net = Net((Dense(1, 1),), "perceptron")
    x, y = np.ones((1, 1)), np.ones((1, 1))
    # g = −1: m̂ = −1 and v̂ = 1, so W = η / (1 + ε), after a handful of roundings. A β₂ of 0.999 that
    # was rounded to float32 before 1 − β₂ᵗ errs by six times this budget; a β of 0 has no memory.
    want: Array = np.full((1, 1), 0.125 / (1 + 1e-8)).astype(subject.dtype)
    for optimizer in (Adam(0.125, epsilon=1e-8), Adam(0.125, 0.0, 0.0, 1e-8)):
        model = subject.cls(net, [np.zeros((1, 1)), np.zeros(1)], optimizer)
        model.step(x, y)
        budget = LIBRARY_CALL * subject.eps * 0.125
        close(law, "kernel after a step", model.params()[0], want, budget)
        equal(law, "step count", model.state()["step"], np.array(1))
