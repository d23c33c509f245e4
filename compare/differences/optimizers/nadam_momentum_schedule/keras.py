"""Keras: 0.96 to the power of t."""

import keras


def default():
    """How far three steps go, in learning rates."""
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.Nadam(learning_rate=1.0, epsilon=1e-12)
    for gradient in (1.0, 0.0, 0.0):
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
    return -float(w.numpy())


def matched():
    """The same."""
    return default()
