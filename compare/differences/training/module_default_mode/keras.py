"""A Keras layer that is just called predicts."""

import keras
import numpy as np


def default():
    """0 and 2, normalised by a fresh layer."""
    return normalised(keras.layers.BatchNormalization())


def matched():
    """The same, said."""
    return normalised(keras.layers.BatchNormalization(), training=False)


def normalised(layer, **options):
    z = layer(np.array([[0.0], [2.0]], dtype="float32"), **options)
    return keras.ops.convert_to_numpy(z).flatten().tolist()
