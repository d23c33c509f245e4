"""`truncated_normal` maps uniform draws, too."""

import jax
import jax.numpy as jnp


def default():
    """Whether any of a million draws lies beyond two standard deviations."""
    draws = jax.random.truncated_normal(jax.random.key(0), -2.0, 2.0, (1_000_000,))
    return bool(jnp.any(jnp.abs(draws) > 2))


def matched():
    """Nothing to change."""
    return default()
