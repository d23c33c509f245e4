"""Two parts."""

import jax.numpy as jnp


def default():
    """How many parts."""
    return len(jnp.split(jnp.arange(6), 2))


def matched():
    """Nothing to change."""
    return default()
