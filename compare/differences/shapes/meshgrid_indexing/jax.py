"""By columns: "xy"."""

import jax.numpy as jnp


def default():
    """The shape for 2 and 3 coordinates."""
    return list(jnp.meshgrid(jnp.zeros(2), jnp.zeros(3))[0].shape)


def matched():
    """By rows."""
    return list(jnp.meshgrid(jnp.zeros(2), jnp.zeros(3), indexing="ij")[0].shape)
