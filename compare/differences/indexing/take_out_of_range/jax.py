"""NaN."""

import jax.numpy as jnp

X = jnp.array([1.0, 2.0, 3.0])


def default():
    """Element 5 of three."""
    return float(jnp.take(X, 5))


def matched():
    """The last one, asked for by its mode."""
    return float(jnp.take(X, 5, mode="clip"))
