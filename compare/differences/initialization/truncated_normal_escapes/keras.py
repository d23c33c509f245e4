"""`TruncatedNormal` is the backend's own affair; on PyTorch it takes the best of four draws."""

import keras


def draw():
    """A million draws of standard deviation 1, nominally cut off at 2."""
    return keras.initializers.TruncatedNormal(stddev=1.0, seed=0)((1_000_000,))


def default():
    """Whether any of them lies beyond two standard deviations."""
    return bool(keras.ops.any(keras.ops.abs(draw()) > 2))


def matched():
    """The same after they were clipped."""
    return bool(keras.ops.any(keras.ops.abs(keras.ops.clip(draw(), -2.0, 2.0)) > 2))
