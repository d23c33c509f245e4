"""Keras's Adam: epsilon=1e-7."""

import math

import keras


def default():
    """The power of ten of Adam's epsilon."""
    return math.log10(keras.optimizers.Adam().epsilon)


def matched():
    """The same, said."""
    return math.log10(keras.optimizers.Adam(epsilon=1e-8).epsilon)
