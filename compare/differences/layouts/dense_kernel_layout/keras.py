"""`Dense` keeps (inputs, outputs)."""

import keras
import numpy as np


def layer():
    """3 inputs, 2 outputs."""
    dense = keras.layers.Dense(2, use_bias=False)
    dense.build((None, 3))
    return dense


def default():
    """The kernel's shape."""
    return list(layer().kernel.shape)


def matched():
    """(1, 1, 1) through the kernel 0 … 5, stored as (inputs, outputs)."""
    dense = layer()
    dense.set_weights([np.arange(6, dtype="float32").reshape(3, 2)])
    return keras.ops.convert_to_numpy(dense(np.ones((1, 3)))).tolist()
