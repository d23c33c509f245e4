"""ε is 1e-6."""

import keras
import numpy as np


def default():
    """What becomes of 0.001, in a row of ±0.001."""
    output = keras.layers.RMSNormalization()(np.array([[0.001, -0.001]], dtype="float32"))
    return keras.ops.convert_to_numpy(output)[0, 0].item()


def matched():
    """Nothing to change."""
    return default()
