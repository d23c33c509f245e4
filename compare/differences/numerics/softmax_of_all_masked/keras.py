"""−∞ minus −∞."""

import keras


def default():
    """Of −∞ and −∞."""
    z = keras.ops.convert_to_tensor([-float("inf"), -float("inf")])
    return keras.ops.convert_to_numpy(keras.ops.softmax(z)).tolist()
