"""`constant` copies."""

import numpy as np
import tensorflow as tf


def default():
    """What a tensor of zeros holds after the array became 9."""
    array = np.zeros(1, dtype="float32")
    tensor = tf.constant(array)
    array[0] = 9.0
    return float(tensor[0])


def matched():
    """Nothing to change."""
    return default()
