"""The equations of the optimizers for one parameter, which injections change."""

from __future__ import annotations

import numpy as np

from adapters.contract import SGD, Adam, Array, Optimizer

Slots = list[Array]


def define(o: Optimizer, w: Array, g: Array, slots: Slots, t: int) -> tuple[Array, Slots]:
    """The new weight and slots, as `contract.py` defines them. t: 1 in the first step."""
    return sgd(o, w, g, slots) if isinstance(o, SGD) else adam(o, w, g, slots, t)


def sgd(o: SGD, w: Array, g: Array, slots: Slots, dampening: float = 0.0) -> tuple[Array, Slots]:
    """SGD: plain, with momentum, or Nesterov's."""
    if not o.momentum:
        return w - o.learning_rate * g, slots
    v = o.momentum * slots[0] + (1 - dampening) * g
    return w - o.learning_rate * (g + o.momentum * v if o.nesterov else v), [v]


def adam(
    o: Adam, w: Array, g: Array, slots: Slots, t: int, place: str = "after"
) -> tuple[Array, Slots]:
    """Kingma & Ba, algorithm 1.

    place: where ε is added: after the corrected root, before the correction, or inside the root.
    """
    m = o.beta_1 * slots[0] + (1 - o.beta_1) * g
    v = o.beta_2 * slots[1] + (1 - o.beta_2) * g * g
    m_hat, correction = m / (1 - o.beta_1**t), 1 - o.beta_2**t
    if place == "before":
        root = (np.sqrt(v) + o.epsilon) / correction**0.5
    elif place == "inside":
        root = np.sqrt(v / correction + o.epsilon)
    else:
        root = np.sqrt(v / correction) + o.epsilon
    return w - o.learning_rate * (m_hat / root), [m, v]
