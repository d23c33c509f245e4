"""`he_normal` is truncated as in Keras."""

import jax
import jax.numpy as jnp


def default():
    """The share of weights farther out than 2.5 times the nominal standard deviation."""
    kernel = jax.nn.initializers.he_normal()(jax.random.key(0), (400, 200))
    return float(jnp.mean(jnp.abs(kernel) > 2.5 * (2 / 400) ** 0.5))


def matched():
    """Nothing to change."""
    return default()
