"""`momentum` is the share of the old."""

import keras
import numpy as np


def running_mean(layer):
    """The running mean after one batch whose mean is 1."""
    layer(np.ones((4, 1), dtype="float32"), training=True)
    return keras.ops.convert_to_numpy(layer.moving_mean).item()


def default():
    """With the default, 0.99."""
    return running_mean(keras.layers.BatchNormalization())


def matched():
    """With what PyTorch calls 0.1."""
    return running_mean(keras.layers.BatchNormalization(momentum=0.9))
