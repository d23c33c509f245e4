"""0 times the infinite slope of the root."""

import jax
import jax.numpy as jnp


def default():
    """The gradient at 0 of a root that is used only above 0."""
    return float(jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0))(0.0))


def matched():
    """With two."""

    def root(x):
        return jnp.where(x > 0, jnp.sqrt(jnp.where(x > 0, x, 1.0)), 0.0)

    return float(jax.grad(root)(0.0))
