"""Keras adds epsilon to the root of the second moment before it is corrected."""

import keras
import numpy as np


def default():
    """How far one step from gradient 0.01 goes, in learning rates."""
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.Adam(learning_rate=1.0, epsilon=1e-3)
    optimizer.apply([keras.ops.convert_to_tensor(0.01)], [w])
    return -float(w.numpy())


def matched():
    """The same over three steps, with epsilon made smaller as the correction is."""
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.Adam(learning_rate=1.0)
    for t, g in enumerate([0.01, 0.02, -0.01], start=1):
        optimizer.epsilon = float(1e-3 * np.sqrt(1 - 0.999**t))
        optimizer.apply([keras.ops.convert_to_tensor(g)], [w])
    return -float(w.numpy())
