"""\"same\" is the number of inputs times the stride."""

import keras
import numpy as np


def default():
    """How many numbers come of 4, with padding "same"."""
    layer = keras.layers.Conv1DTranspose(1, 3, strides=2, padding="same")
    return int(layer(np.ones((1, 4, 1), dtype="float32")).shape[1])


def matched():
    """1, 2, 3, 4 through the kernel 1, 10, 100."""
    x = np.arange(1, 5, dtype="float32").reshape(1, 4, 1)
    kernel = np.array([1, 10, 100], dtype="float32").reshape(3, 1, 1)
    out = keras.ops.conv_transpose(x, kernel, strides=2, padding="same")
    return keras.ops.convert_to_numpy(out).ravel().tolist()
