"""The last one."""

import jax.numpy as jnp


def default():
    """Element −1 of three."""
    return float(jnp.take(jnp.array([1.0, 2.0, 3.0]), -1))


def matched():
    """Nothing to change."""
    return default()
