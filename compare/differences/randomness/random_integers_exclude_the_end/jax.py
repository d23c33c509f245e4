"""The end is excluded."""

import jax


def default():
    """[the smallest, the largest] of 1,000 integers between 0 and 3."""
    draws = jax.random.randint(jax.random.key(0), (1000,), 0, 3)
    return [int(draws.min()), int(draws.max())]
