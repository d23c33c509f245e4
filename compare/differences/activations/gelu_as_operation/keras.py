"""`keras.ops.gelu` approximates unless told otherwise."""

import keras


def default():
    """GELU of 1."""
    return float(keras.ops.gelu(keras.ops.convert_to_tensor(1.0)))


def matched():
    """The exact one."""
    return float(keras.ops.gelu(keras.ops.convert_to_tensor(1.0), approximate=False))
