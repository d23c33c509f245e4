"""JAX broadcasts."""

import jax.numpy as jnp

Z, Y = jnp.array([[1.0], [2.0], [3.0]]), jnp.array([1.0, 2.0, 3.0])


def default():
    """The mean squared error of predictions that are right."""
    return float(jnp.mean((Z - Y) ** 2))


def matched():
    """The same, with equal shapes."""
    return float(jnp.mean((Z - Y[:, None]) ** 2))
