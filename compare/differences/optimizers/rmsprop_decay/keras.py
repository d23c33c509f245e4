"""Keras's RMSprop: rho=0.9."""

import keras


def default():
    """How far one step from gradient 1 goes, in learning rates."""
    return step(keras.optimizers.RMSprop(learning_rate=1.0))


def matched():
    """The same, with the decay said."""
    return step(keras.optimizers.RMSprop(learning_rate=1.0, rho=0.9))


def step(optimizer):
    w = keras.Variable(0.0)
    optimizer.apply([keras.ops.ones(())], [w])
    return -float(w.numpy())
