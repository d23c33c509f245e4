"""−∞ minus −∞."""

import tensorflow as tf


def default():
    """Of −∞ and −∞."""
    return tf.nn.softmax([-float("inf"), -float("inf")]).numpy().tolist()
