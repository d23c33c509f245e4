"""A tie of x and 1 is shared."""

import jax
import jax.numpy as jnp


def default():
    """The gradient of clip(x, −1, 1) at 1."""
    return float(jax.grad(lambda x: jnp.clip(x, -1.0, 1.0))(1.0))


def matched():
    """With the bound on the inside."""

    def clip(x):
        return jnp.where((x >= -1) & (x <= 1), x, jnp.clip(x, -1.0, 1.0))

    return float(jax.grad(clip)(1.0))
