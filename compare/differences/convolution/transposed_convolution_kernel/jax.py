"""Reversed, unless it is told to be the transpose of a convolution."""

import jax
import jax.numpy as jnp


def default():
    """What a single 1 becomes by the kernel 1, 2, 3."""
    kernel = jnp.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    return jax.lax.conv_transpose(jnp.ones((1, 1, 1)), kernel, (1,), "VALID").ravel().tolist()


def matched():
    """As the transpose of a convolution."""
    x, kernel = jnp.ones((1, 1, 1)), jnp.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
    out = jax.lax.conv_transpose(x, kernel, (1,), "VALID", transpose_kernel=True)
    return out.ravel().tolist()
