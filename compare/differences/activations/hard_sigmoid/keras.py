"""The slope is 1/6."""

import keras


def default():
    """Of 1 and −4."""
    x = keras.ops.convert_to_tensor([1.0, -4.0])
    return keras.ops.convert_to_numpy(keras.activations.hard_sigmoid(x)).tolist()
