"""Keras: v_hat is of the uncorrected moments too."""

import keras


def default():
    """How far three steps go, in learning rates."""
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.Adam(learning_rate=1.0, epsilon=1e-12, amsgrad=True)
    for gradient in (1.0, 0.0, 0.0):
        optimizer.apply([keras.ops.convert_to_tensor(gradient)], [w])
    return -float(w.numpy())
