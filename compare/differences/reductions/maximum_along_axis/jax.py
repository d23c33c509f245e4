"""The values."""

import jax.numpy as jnp


def default():
    """How many things come back of a (3, 5)."""
    return len(jnp.zeros((3, 5)).max(axis=0))


def matched():
    """Nothing to change."""
    return default()
