"""A gradient is a function's value, and nothing remembers it."""

import jax


def default():
    """The gradient of w² at 3, asked for twice."""
    gradient_of = jax.grad(lambda w: w**2)
    for _ in range(2):
        gradient = gradient_of(3.0)
    return float(gradient)


def matched():
    """The same."""
    return default()
