"""`Conv2D` reads the last axis as the channels, on every backend, PyTorch too."""

import keras
import numpy as np

IMAGES = np.arange(36, dtype="float32").reshape(1, 3, 4, 3)


def default():
    """The shape of what a 1 × 1 convolution to 8 channels makes of a (1, 3, 4, 3)."""
    return list(keras.layers.Conv2D(8, 1)(IMAGES).shape)


def matched():
    """The sum of channels, the last axis, as a convolution with ones."""
    sums = keras.ops.conv(IMAGES, np.ones((1, 1, 3, 1), dtype="float32"))
    return keras.ops.convert_to_numpy(sums).ravel().tolist()
