"""`ddof` is 0, as in NumPy."""

import jax.numpy as jnp


def default():
    """The standard deviation of 1, 2, 3, 4."""
    return float(jnp.std(jnp.array([1.0, 2.0, 3.0, 4.0])))


def matched():
    """Nothing to change."""
    return default()
