"""`softplus` is `logaddexp(x, 0)`."""

import jax
import jax.numpy as jnp


def default():
    """How much more than 20.5 it is at 20.5."""
    with jax.enable_x64(True):
        x = jnp.asarray(20.5)
        return float(jax.nn.softplus(x) - x)


def matched():
    """Nothing to change."""
    return default()
