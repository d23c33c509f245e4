"""Zeros."""

import jax


def default():
    """Class 3 of 3."""
    return jax.nn.one_hot(3, 3).tolist()


def matched():
    """Nothing to change."""
    return default()
