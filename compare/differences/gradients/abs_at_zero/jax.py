"""1, as if 0 were positive."""

import jax
import jax.numpy as jnp


def default():
    """The gradient of |x| at 0."""
    return float(jax.grad(jnp.abs)(0.0))


def matched():
    """The sign is constant to the gradient, and 0 here."""
    return float(jax.grad(lambda x: x * jnp.sign(x))(0.0))
