"""Threefry, from a key that is never used twice."""

import jax
import jax.numpy as jnp
import numpy as np


def default():
    """The first number between 0 and 1."""
    return float(jax.random.uniform(jax.random.key(0)))


def matched():
    """As NumPy drew it."""
    return float(jnp.asarray(np.random.default_rng(0).uniform()))
