"""To the even one."""

import jax.numpy as jnp


def default():
    """½, 1½, 2½, −½."""
    return jnp.round(jnp.array([0.5, 1.5, 2.5, -0.5])).tolist()
