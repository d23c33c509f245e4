"""Both are added."""

import jax.numpy as jnp


def default():
    """What 0 becomes."""
    return float(jnp.zeros(2).at[jnp.array([0, 0])].add(1)[0])


def matched():
    """Nothing to change."""
    return default()
