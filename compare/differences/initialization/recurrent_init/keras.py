"""`LSTM` draws an orthogonal recurrent kernel, and the forget gate starts open."""

import keras
import numpy as np


def default():
    """[1 if the recurrent kernel is orthogonal, the mean bias of the forget gate]."""
    keras.utils.set_random_seed(0)
    lstm = keras.layers.LSTM(100)
    lstm.build((None, 5, 1))
    _, kernel, bias = lstm.get_weights()  # (units, 4·units); gates in the order i, f, g, o
    orthogonal = np.allclose(kernel @ kernel.T, np.eye(100), atol=1e-4)
    return [float(orthogonal), float(bias[100:200].mean())]


def matched():
    """Nothing to change."""
    return default()
