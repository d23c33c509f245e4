"""The default float."""

import jax


def default():
    """The dtype of class 1 of 3."""
    return str(jax.nn.one_hot(1, 3).dtype)


def matched():
    """Nothing to change."""
    return default()
