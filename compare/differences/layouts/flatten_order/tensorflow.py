"""The image is stored with the channels last, and a reshape keeps the order of storage."""

import numpy as np
import tensorflow as tf

# Two channels of 2 × 2 pixels: 1 to 4 and 5 to 8.
IMAGES = np.arange(1.0, 9.0).reshape(1, 2, 2, 2).transpose(0, 2, 3, 1)


def default():
    """The order of the numbers."""
    return tf.reshape(tf.constant(IMAGES), (1, -1))[0].numpy().tolist()


def matched():
    """Nothing to change."""
    return default()
