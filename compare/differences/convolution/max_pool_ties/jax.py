"""The first."""

import jax
import jax.numpy as jnp


def pooled(x):
    """The maximum of a window of 4, as a number."""
    return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (4,), (4,), "VALID").sum()


def default():
    """The gradient of the pooled number with respect to 1, 1, 0, 1."""
    return jax.grad(pooled)(jnp.array([1.0, 1.0, 0.0, 1.0])).tolist()
