"""`jax.lax.conv` reads axis 1 as the channels."""

import jax
import jax.numpy as jnp

IMAGES = jnp.arange(36.0).reshape(1, 3, 4, 3)


def default():
    """The shape of what a 1 × 1 convolution to 8 channels makes of a (1, 3, 4, 3)."""
    return list(jax.lax.conv(IMAGES, jnp.ones((8, 3, 1, 1)), (1, 1), "VALID").shape)


def matched():
    """The sum of channels, the last axis, as a convolution with ones."""
    sums = jax.lax.conv(IMAGES.transpose(0, 3, 1, 2), jnp.ones((1, 3, 1, 1)), (1, 1), "VALID")
    return sums.transpose(0, 2, 3, 1).ravel().tolist()
