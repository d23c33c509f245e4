"""An array does not change."""

import jax.numpy as jnp


def default():
    """The first number of the whole after 9 was written into a slice."""
    x = jnp.zeros(4)
    part = x[:2]
    part[0] = 9.0
    return float(x[0])


def matched():
    """After 9 was written into a copy."""
    x = jnp.zeros(4)
    x[:2].at[0].set(9.0)
    return float(x[0])
