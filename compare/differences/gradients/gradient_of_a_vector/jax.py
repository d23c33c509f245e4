"""An error: a gradient belongs to a scalar."""

import jax
import jax.numpy as jnp


def default():
    """The gradient with respect to w of (w·1, w·2)."""
    return float(jax.grad(lambda w: w * jnp.array([1.0, 2.0]))(1.0))


def matched():
    """Of the mean."""
    return float(jax.grad(lambda w: jnp.mean(w * jnp.array([1.0, 2.0])))(1.0))
