"""True counts 1."""

import jax.numpy as jnp


def default():
    """One right of two."""
    return float((jnp.array([0, 1]) == jnp.array([0, 0])).mean())


def matched():
    """Nothing to change."""
    return default()
