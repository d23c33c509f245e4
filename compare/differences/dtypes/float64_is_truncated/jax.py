"""Single precision, unless x64 is switched on."""

import jax
import jax.numpy as jnp
import numpy as np


def default():
    """0.1 after it was a JAX array."""
    return float(jnp.asarray(np.array([0.1]))[0])


def matched():
    """With x64."""
    with jax.enable_x64(True):
        return float(jnp.asarray(np.array([0.1]))[0])
