"""NaN is taken for the largest."""

import jax.numpy as jnp

X = jnp.array([1.0, jnp.nan, 3.0])


def default():
    """Where the maximum of 1, NaN, 3 is."""
    return int(jnp.argmax(X))


def matched():
    """With NaN as the smallest."""
    return int(jnp.argmax(jnp.where(jnp.isnan(X), -jnp.inf, X)))
