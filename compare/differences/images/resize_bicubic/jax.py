"""a = −0.5."""

import jax
import jax.numpy as jnp


def default():
    """Four of 16 numbers, from the squares of 0 to 7."""
    return jax.image.resize(jnp.arange(8.0) ** 2, (16,), "cubic")[6:10].tolist()


def matched():
    """Nothing to change."""
    return default()
