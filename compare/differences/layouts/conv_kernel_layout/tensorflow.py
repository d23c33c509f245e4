"""`tf.nn.conv2d` wants (height, width, inputs, outputs)."""

import numpy as np
import tensorflow as tf


def default():
    """The shape of kernel that 2 channels in, 4 out and a window of 2 × 3 need."""
    kernel = tf.zeros((2, 3, 2, 4))
    tf.nn.conv2d(tf.zeros((1, 3, 3, 2)), kernel, strides=1, padding="VALID")
    return list(kernel.shape)


def matched():
    """A small image through a kernel of this layout."""
    image = (np.arange(18, dtype="float32") % 5).reshape(1, 2, 3, 3).transpose(0, 2, 3, 1)
    kernel = (np.arange(48, dtype="float32") % 7).reshape(2, 3, 2, 4)
    return tf.nn.conv2d(image, kernel, strides=1, padding="VALID").numpy().ravel().tolist()
