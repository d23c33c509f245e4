"""On PyTorch the square of the mean is subtracted from the mean of the squares."""

import keras
import numpy as np

X = np.array([[10000], [10001], [10002], [10003]], dtype="float32")


def variance(x):
    """The running variance after this batch, over n."""
    layer = keras.layers.BatchNormalization(momentum=0.0)
    layer(x, training=True)
    return keras.ops.convert_to_numpy(layer.moving_variance).item()


def default():
    """Whether the variance of 10000 to 10003 comes out as 1.25."""
    return abs(variance(X) - 1.25) < 0.1


def matched():
    """After subtracting what they have in common."""
    return variance(X - 10000)
