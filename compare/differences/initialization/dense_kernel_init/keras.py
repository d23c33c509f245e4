"""`Dense` looks at inputs and outputs: Glorot's ±√(6 / (n_in + n_out))."""

import keras
import numpy as np


def default():
    """The largest of 80,000 weights of a fresh layer, which is all but the bound."""
    keras.utils.set_random_seed(0)
    layer = keras.layers.Dense(200)
    layer.build((None, 400))
    return float(np.abs(layer.get_weights()[0]).max())


def matched():
    """What a layer makes of a row of ones, with a kernel that NumPy drew."""
    kernel = np.random.default_rng(0).uniform(-0.1, 0.1, (4, 3))
    layer = keras.layers.Dense(3)
    layer.build((None, 4))
    layer.set_weights([kernel, np.zeros(3)])
    return keras.ops.convert_to_numpy(layer(np.ones((1, 4)))).tolist()
