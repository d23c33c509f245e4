"""Single precision."""

import jax.numpy as jnp


def default():
    """The dtype of 7 / 2."""
    return str((jnp.array([7]) / 2).dtype)


def matched():
    """Nothing to change."""
    return default()
