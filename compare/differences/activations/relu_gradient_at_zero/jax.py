"""The gradient is 0, by a rule of its own: `jnp.maximum(x, 0)` would have ½."""

import jax


def default():
    """The slope at 0."""
    return float(jax.grad(jax.nn.relu)(0.0))
