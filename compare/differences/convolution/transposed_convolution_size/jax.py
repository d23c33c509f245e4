"""\"SAME\" is the number of inputs times the stride."""

import jax
import jax.numpy as jnp


def default():
    """How many numbers come of 4, with padding "SAME"."""
    return jax.lax.conv_transpose(jnp.ones((1, 4, 1)), jnp.ones((3, 1, 1)), (2,), "SAME").shape[1]


def matched():
    """1, 2, 3, 4 through the kernel 1, 10, 100, turned as the others turn it."""
    x = jnp.arange(1.0, 5.0).reshape(1, 4, 1)
    kernel = jnp.array([1.0, 10.0, 100.0]).reshape(3, 1, 1)
    out = jax.lax.conv_transpose(x, kernel, (2,), "SAME", transpose_kernel=True)
    return out.ravel().tolist()
