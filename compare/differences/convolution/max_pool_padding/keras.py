"""The padding never wins, on any backend."""

import keras
import numpy as np


def default():
    """The maxima of three neighbours in −1, −2, −3."""
    x = np.array([-1.0, -2.0, -3.0], dtype="float32").reshape(1, 3, 1)
    out = keras.layers.MaxPooling1D(3, strides=1, padding="same")(x)
    return keras.ops.convert_to_numpy(out).ravel().tolist()
