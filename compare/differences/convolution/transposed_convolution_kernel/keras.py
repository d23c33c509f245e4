"""As written, on every backend."""

import keras
import numpy as np


def default():
    """What a single 1 becomes by the kernel 1, 2, 3."""
    kernel = np.array([1, 2, 3], dtype="float32").reshape(3, 1, 1)
    out = keras.ops.conv_transpose(np.ones((1, 1, 1), dtype="float32"), kernel, strides=1)
    return keras.ops.convert_to_numpy(out).ravel().tolist()


def matched():
    """Nothing to change."""
    return default()
