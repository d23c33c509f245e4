"""Keras's Adagrad starts at 0.1."""

import keras


def default():
    """How far one step from gradient 1 goes, in learning rates."""
    return step(keras.optimizers.Adagrad(learning_rate=1.0))


def matched():
    """The same, with the start said."""
    return step(keras.optimizers.Adagrad(learning_rate=1.0, initial_accumulator_value=0.0))


def step(optimizer):
    w = keras.Variable(0.0)
    optimizer.apply([keras.ops.ones(())], [w])
    return -float(w.numpy())
