"""Each element."""

import tensorflow as tf


def default():
    """1, 2 repeated twice."""
    return tf.repeat([1, 2], 2).numpy().tolist()


def matched():
    """Nothing to change."""
    return default()
