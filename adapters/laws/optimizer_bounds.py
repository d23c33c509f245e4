"""One optimizer update in float64, with bounds on what rounding may change.

The optimizers' equations are repeated here in float64, so that neither a backend nor the reference
is the judge. `err` bounds the error of the gradient; it passes through the equation by the rules of
`adapters/laws/error_bounds.py`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from adapters.contract import SGD, Adam, Array, Optimizer, State

Entry = tuple[Array, Array]  # a value in float64, and the bound on a backend's error

# The roundings between a slot or weight before an update and after it, in ε. The longest chain is
# that of Adam's weight: two products and a sum for each moment, two corrections, a root, ε, a
# quotient, the rate and the difference, 16 in all, and eight constants such as η and β that are
# rounded on input: 24 of ε/2 each.
UPDATE = 12


@np.errstate(over="ignore", invalid="ignore", divide="ignore")  # the bounds show it
def updated(
    optimizer: Optimizer,
    before: State,
    gradients: Sequence[Array],
    errors: Sequence[Array],
    eps: float,
) -> dict[str, Entry]:
    """Every weight and slot after one update from the state `before`, by its name in a state.

    A value that overflows gets a bound of infinity or NaN, which allows nothing.
    """
    equation = adam if isinstance(optimizer, Adam) else sgd
    names = ["param", *optimizer.slots]
    t = int(before.get("step", 0)) + 1
    after: dict[str, Entry] = {}
    for i, (g, err) in enumerate(zip(gradients, errors, strict=True)):
        w, *slots = (before[f"{name}_{i}"].astype(float) for name in names)
        entries = equation(optimizer, w, g.astype(float), err, slots, t, eps)  # type: ignore[arg-type]
        after |= {f"{name}_{i}": entry for name, entry in zip(names, entries, strict=True)}
    return after


def sgd(
    o: SGD, w: Array, g: Array, err: Array, slots: list[Array], t: int, eps: float
) -> list[Entry]:
    """Plain: W − η·g; momentum: v = μ·v + g, W − η·v; Nesterov: W − η·(g + μ·v)."""
    eta, mu, u = o.learning_rate, o.momentum, UPDATE * eps
    v = mu * slots[0] + g if slots else g
    size = mu * np.abs(slots[0]) + np.abs(g) if slots else np.abs(g)  # size of the sum's terms
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
    # d√v = dv / 2√v; where v is 0 nothing changed it, and the quotient is taken as 0.
    wobble = np.divide(v_err, 2 * v, out=np.zeros_like(v), where=v > 0)
    move_err = o.learning_rate * m_err / correction_1 / (root + o.epsilon)
    move_err += np.abs(move) * (u + wobble)
    return [(w - move, u * np.abs(w) + move_err), (m, m_err), (v, v_err)]
