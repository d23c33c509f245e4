"""XLA's quotient is −1, and the floor takes one more."""

import jax.numpy as jnp


def default():
    """7 // 0."""
    return int(jnp.array(7) // jnp.array(0))


def matched():
    """By at least 1."""
    return int(jnp.array(7) // jnp.maximum(0, 1))
