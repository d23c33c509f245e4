"""Keras's Adadelta: rho=0.95, epsilon=1e-7."""

import keras


def default():
    """How far one step from gradient 1 goes, in learning rates."""
    return step(keras.optimizers.Adadelta(learning_rate=1.0))


def matched():
    """The same, with both constants said."""
    return step(keras.optimizers.Adadelta(learning_rate=1.0, rho=0.9, epsilon=1e-6))


def step(optimizer):
    w = keras.Variable(0.0)
    optimizer.apply([keras.ops.ones(())], [w])
    return -float(w.numpy())
