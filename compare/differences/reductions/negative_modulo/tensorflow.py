"""As in Python."""

import tensorflow as tf


def default():
    """[−7 % 3, −7 // 3]."""
    x = tf.constant(-7)
    return [int(x % 3), int(x // 3)]
