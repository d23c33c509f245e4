"""0."""

import jax


def default():
    """The gradient of a² with respect to b."""
    return str(float(jax.grad(lambda a, b: a * a, argnums=1)(1.0, 1.0)))


def matched():
    """Nothing to change."""
    return default()
