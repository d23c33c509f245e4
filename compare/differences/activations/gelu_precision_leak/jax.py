"""Exact for the dtype, with x64 switched on."""

import jax
import jax.numpy as jnp


def default():
    """GELU of 1."""
    with jax.enable_x64(True):
        return float(jax.nn.gelu(jnp.asarray(1.0), approximate=False))


def matched():
    """Nothing to change."""
    return default()
