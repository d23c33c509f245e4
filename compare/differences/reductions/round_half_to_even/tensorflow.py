"""To the even one."""

import tensorflow as tf


def default():
    """½, 1½, 2½, −½."""
    return tf.round([0.5, 1.5, 2.5, -0.5]).numpy().tolist()
