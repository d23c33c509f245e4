"""The slope is 0.01."""

import jax


def default():
    """What −1 becomes."""
    return float(jax.nn.leaky_relu(-1.0))


def matched():
    """With a slope of 0.1."""
    return float(jax.nn.leaky_relu(-1.0, negative_slope=0.1))
