"""ε is 1e-3."""

import keras
import numpy as np


def normalised(layer):
    """What becomes of 0.1, in a row of ±0.1."""
    output = layer(np.array([[0.1, -0.1]], dtype="float32"))
    return keras.ops.convert_to_numpy(output)[0, 0].item()


def default():
    """With the default."""
    return normalised(keras.layers.LayerNormalization())


def matched():
    """With PyTorch's."""
    return normalised(keras.layers.LayerNormalization(epsilon=1e-5))
