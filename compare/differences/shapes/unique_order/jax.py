"""Sorted."""

import jax.numpy as jnp


def default():
    """Of 3, 1, 3."""
    return jnp.unique(jnp.array([3, 1, 3])).tolist()


def matched():
    """Nothing to change."""
    return default()
