"""Philox."""

import numpy as np
import tensorflow as tf


def default():
    """The first number between 0 and 1."""
    tf.random.set_seed(0)
    return float(tf.random.uniform(()))


def matched():
    """As NumPy drew it."""
    return float(tf.constant(np.random.default_rng(0).uniform()))
