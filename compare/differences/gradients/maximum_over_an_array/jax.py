"""An equal share."""

import jax
import jax.numpy as jnp


def default():
    """The gradient of the largest of 3, 3, 1, along axis 0."""
    return jax.grad(lambda x: jnp.max(x, axis=0))(jnp.array([3.0, 3.0, 1.0])).tolist()


def matched():
    """Nothing to change."""
    return default()
