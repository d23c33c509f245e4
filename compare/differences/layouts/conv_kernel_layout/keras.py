"""`Conv2D` stores (height, width, inputs, outputs), on every backend."""

import keras
import numpy as np


def default():
    """The kernel's shape for 2 channels in, 4 out and a window of 2 × 3."""
    layer = keras.layers.Conv2D(4, (2, 3))
    layer.build((None, 3, 3, 2))
    return list(layer.kernel.shape)


def matched():
    """A small image through a kernel of this layout."""
    image = (np.arange(18, dtype="float32") % 5).reshape(1, 2, 3, 3).transpose(0, 2, 3, 1)
    kernel = (np.arange(48, dtype="float32") % 7).reshape(2, 3, 2, 4)
    return keras.ops.convert_to_numpy(keras.ops.conv(image, kernel)).ravel().tolist()
