"""TensorFlow's Dataset keeps it: drop_remainder=False."""

import tensorflow as tf


def default():
    """The rows in each batch of an epoch."""
    batches = tf.data.Dataset.from_tensor_slices(tf.zeros(10)).batch(4)
    return [len(batch) for batch in batches]
