"""NaN."""

import jax.numpy as jnp


def default():
    """The mean of an empty array."""
    return float(jnp.mean(jnp.zeros(0)))
