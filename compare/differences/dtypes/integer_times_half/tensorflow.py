"""The Python number must become an int32, and cannot."""

import tensorflow as tf


def default():
    """3 times 0.5."""
    return float((tf.constant([3]) * 0.5)[0])


def matched():
    """After a cast."""
    return float((tf.cast([3], tf.float32) * 0.5)[0])
