"""0."""

import jax
import jax.numpy as jnp


def default():
    """The gradient of round(x) at 1.2."""
    return str(float(jax.grad(jnp.round)(1.2)))


def matched():
    """Straight through."""
    through = jax.grad(lambda x: x + jax.lax.stop_gradient(jnp.round(x) - x))
    return str(float(through(1.2)))
