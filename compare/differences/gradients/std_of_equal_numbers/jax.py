"""0 times the infinite slope of the root."""

import jax
import jax.numpy as jnp


def default():
    """The gradient of the standard deviation of (2, 2)."""
    return jax.grad(jnp.std)(jnp.array([2.0, 2.0])).tolist()


def matched():
    """With a small number under the root."""
    return jax.grad(lambda x: jnp.sqrt(jnp.var(x) + 1e-12))(jnp.array([2.0, 2.0])).tolist()
