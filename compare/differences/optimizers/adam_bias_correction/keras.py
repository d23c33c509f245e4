"""Keras computes 1 − β₂ᵗ in the weights' dtype."""

import keras


def default():
    """How far Adam's first step is from one learning rate, in millionths."""
    return error(beta_1=0.9, beta_2=0.999)


def matched():
    """The same, with constants that float32 holds exactly."""
    return error(beta_1=0.875, beta_2=1 - 2**-10)


def error(**betas):
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.Adam(learning_rate=1.0, epsilon=1e-30, **betas)
    optimizer.apply([keras.ops.ones(())], [w])
    return (-float(w.numpy()) - 1) * 1e6
