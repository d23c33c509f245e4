"""Each element."""

import keras


def default():
    """1, 2 repeated twice."""
    repeated = keras.ops.repeat(keras.ops.convert_to_tensor([1, 2]), 2)
    return keras.ops.convert_to_numpy(repeated).tolist()


def matched():
    """Nothing to change."""
    return default()
