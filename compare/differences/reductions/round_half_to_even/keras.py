"""To the even one."""

import keras


def default():
    """½, 1½, 2½, −½."""
    x = keras.ops.convert_to_tensor([0.5, 1.5, 2.5, -0.5])
    return keras.ops.convert_to_numpy(keras.ops.round(x)).tolist()
