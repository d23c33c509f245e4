"""They are computed in what `result_type` says, which knows no float64 on two backends."""

import keras


def default():
    """[the mean of 0.1 and 0.2, their scalar product with 0.3 and 0.4]."""
    x = keras.ops.convert_to_tensor([0.1, 0.2], dtype="float64")
    w = keras.ops.convert_to_tensor([0.3, 0.4], dtype="float64")
    return [float(keras.ops.mean(x)), float(keras.ops.matmul(x, w))]
