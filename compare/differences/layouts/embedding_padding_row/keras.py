"""The row of index 0 is as random as the others."""

import keras
import numpy as np


def default():
    """Whether index 0 is embedded as zeros."""
    embedding = keras.layers.Embedding(10, 4, mask_zero=True)
    return not keras.ops.convert_to_numpy(embedding(np.array([0]))).any()


def matched():
    """The same after multiplying by the mask."""
    embedding = keras.layers.Embedding(10, 4, mask_zero=True)
    indices = np.array([[0]])
    mask = keras.ops.cast(embedding.compute_mask(indices), "float32")[..., None]
    return not keras.ops.convert_to_numpy(embedding(indices) * mask).any()
