"""`Embedding` draws uniformly between ±0.05."""

import keras
import numpy as np


def default():
    """The standard deviation of a fresh table."""
    keras.utils.set_random_seed(0)
    embedding = keras.layers.Embedding(1000, 20)
    embedding.build()
    return float(embedding.get_weights()[0].std())


def matched():
    """Row 1 of a table that NumPy drew."""
    table = np.random.default_rng(0).uniform(-0.05, 0.05, (10, 4)).astype("float32")
    embedding = keras.layers.Embedding(10, 4)
    embedding.build()
    embedding.set_weights([table])
    return keras.ops.convert_to_numpy(embedding(np.array([1]))).tolist()
