"""The first."""

import jax.numpy as jnp


def default():
    """Where the maximum of 1, 3, 3 is."""
    return int(jnp.argmax(jnp.array([1.0, 3.0, 3.0])))
