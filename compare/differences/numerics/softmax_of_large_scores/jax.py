"""Stable."""

import jax
import jax.numpy as jnp


def default():
    """Of 1000 and 0."""
    return jax.nn.softmax(jnp.array([1000.0, 0.0])).tolist()
