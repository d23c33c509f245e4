"""All to one, by a comparison."""

import pytensor
import pytensor.tensor as pt


def default():
    """The gradient of max(a, b) with respect to a and b, at a = b = 1."""
    a, b = pt.scalars("a", "b")
    gradients = pytensor.grad(pt.maximum(a, b), [a, b])
    return [float(g.eval({a: 1.0, b: 1.0}, on_unused_input="ignore")) for g in gradients]


def matched():
    """The first one wins, since it says so."""
    a, b = pt.scalars("a", "b")
    gradients = pytensor.grad(pt.switch(a >= b, a, b), [a, b])
    return [float(g.eval({a: 1.0, b: 1.0}, on_unused_input="ignore")) for g in gradients]
