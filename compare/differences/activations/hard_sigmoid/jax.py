"""The slope is 1/6."""

import jax
import jax.numpy as jnp


def default():
    """Of 1 and −4."""
    return jax.nn.hard_sigmoid(jnp.array([1.0, -4.0])).tolist()
