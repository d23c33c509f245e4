"""As the backend does."""

import keras

X = keras.ops.convert_to_tensor([1.0, 2.0, 3.0])


def default():
    """Element 5 of three."""
    return float(keras.ops.take(X, keras.ops.convert_to_tensor(5)))


def matched():
    """With the index clipped."""
    return float(keras.ops.take(X, keras.ops.minimum(keras.ops.convert_to_tensor(5), 2)))
