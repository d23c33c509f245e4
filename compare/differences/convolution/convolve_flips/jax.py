"""The kernel is turned round, as in NumPy."""

import jax.numpy as jnp


def default():
    """1, 2, 3, 4 with the kernel 1, 0, −1."""
    x, kernel = jnp.array([1.0, 2.0, 3.0, 4.0]), jnp.array([1.0, 0.0, -1.0])
    return jnp.convolve(x, kernel, mode="valid").tolist()


def matched():
    """As a correlation."""
    x, kernel = jnp.array([1.0, 2.0, 3.0, 4.0]), jnp.array([1.0, 0.0, -1.0])
    return jnp.correlate(x, kernel, mode="valid").tolist()
