"""−∞ minus −∞."""

import jax
import jax.numpy as jnp


def default():
    """Of −∞ and −∞."""
    return jax.nn.softmax(jnp.array([-jnp.inf, -jnp.inf])).tolist()
