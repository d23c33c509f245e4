"""Half and half."""

import jax
import jax.numpy as jnp


def default():
    """The gradient of max(a, b) with respect to a and b, at a = b = 1."""
    return [float(g) for g in jax.grad(jnp.maximum, argnums=(0, 1))(1.0, 1.0)]


def matched():
    """The first one wins, since it says so."""
    chosen = jax.grad(lambda a, b: jnp.where(a >= b, a, b), argnums=(0, 1))
    return [float(g) for g in chosen(1.0, 1.0)]
