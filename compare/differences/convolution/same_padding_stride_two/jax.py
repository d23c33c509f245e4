"""The odd zero is put at the end."""

import jax
import jax.numpy as jnp


def default():
    """Sums of three of 1, 2, 3, 4, padded and with a stride of 2."""
    x, ones = jnp.arange(1.0, 5.0).reshape(1, 1, 4), jnp.ones((1, 1, 3))
    return jax.lax.conv(x, ones, (2,), "SAME").ravel().tolist()


def matched():
    """Nothing to change."""
    return default()
