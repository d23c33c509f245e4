"""`silu`; the name "swish" leads to it."""

import keras


def default():
    """Of 1."""
    return float(keras.activations.get("swish")(keras.ops.convert_to_tensor(1.0)))
