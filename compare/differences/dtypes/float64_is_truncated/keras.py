"""The backend decides."""

import keras
import numpy as np


def default():
    """0.1 after it was a tensor."""
    return float(keras.ops.convert_to_tensor(np.array([0.1]))[0])
