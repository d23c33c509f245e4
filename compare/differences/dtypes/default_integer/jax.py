"""32 bits, unless x64 is switched on."""

import jax.numpy as jnp


def default():
    """The dtype of [1, 2]."""
    return str(jnp.array([1, 2]).dtype)


def matched():
    """Nothing to change."""
    return default()
