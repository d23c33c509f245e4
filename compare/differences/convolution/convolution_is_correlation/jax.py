"""No flip in `jax.lax.conv`."""

import jax
import jax.numpy as jnp


def default():
    """1, 2, 3, 4 with the kernel 1, 0, −1."""
    x, kernel = jnp.array([[[1.0, 2.0, 3.0, 4.0]]]), jnp.array([[[1.0, 0.0, -1.0]]])
    return jax.lax.conv(x, kernel, (1,), "VALID").ravel().tolist()
