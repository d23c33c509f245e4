"""The slope takes the dtype of the input."""

import jax
import jax.numpy as jnp


def default():
    """What −1 becomes with a slope of 0.1."""
    with jax.enable_x64(True):
        return float(jax.nn.leaky_relu(jnp.asarray(-1.0), negative_slope=0.1))


def matched():
    """Nothing to change."""
    return default()
