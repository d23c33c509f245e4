"""One unit whose four kernels are known."""

import keras
import numpy as np


def default():
    """The output after the inputs 1, 2, 3."""
    lstm = keras.layers.LSTM(1)
    lstm.build((None, 3, 1))
    kernel, recurrent = np.array([[0.1, 0.2, 0.3, 0.4]]), np.array([[0.5, 0.6, 0.7, 0.8]])
    lstm.set_weights([kernel, recurrent, np.array([0.4, 0.3, 0.2, 0.1])])
    output = lstm(np.array([[[1.0], [2.0], [3.0]]], dtype="float32"))  # (rows, steps, 1)
    return keras.ops.convert_to_numpy(output).item()
