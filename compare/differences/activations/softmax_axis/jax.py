"""It is the last axis."""

import jax
import jax.numpy as jnp


def default():
    """The first probability where all logits are equal: one over the length of the axis."""
    return float(jax.nn.softmax(jnp.zeros((2, 4, 5)))[0, 0, 0])


def matched():
    """Nothing to change."""
    return default()
