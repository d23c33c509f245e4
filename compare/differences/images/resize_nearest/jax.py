"""By centres."""

import jax
import jax.numpy as jnp


def default():
    """Which of 8 pixels are taken for 3."""
    return jax.image.resize(jnp.arange(8.0), (3,), "nearest").tolist()


def matched():
    """Nothing to change."""
    return default()
