"""`jax.lax.conv` is the one without a say in the layout: (outputs, inputs, height, width)."""

import jax
import jax.numpy as jnp


def default():
    """The shape of kernel that 2 channels in, 4 out and a window of 2 × 3 need."""
    kernel = jnp.zeros((4, 2, 2, 3))
    jax.lax.conv(jnp.zeros((1, 2, 3, 3)), kernel, (1, 1), "VALID")
    return list(kernel.shape)


def matched():
    """A small image through a kernel that was stored as (height, width, inputs, outputs)."""
    image = (jnp.arange(18.0) % 5).reshape(1, 2, 3, 3)
    kernel = (jnp.arange(48.0) % 7).reshape(2, 3, 2, 4)
    out = jax.lax.conv(image, kernel.transpose(3, 2, 0, 1), (1, 1), "VALID")
    return out.transpose(0, 2, 3, 1).ravel().tolist()
