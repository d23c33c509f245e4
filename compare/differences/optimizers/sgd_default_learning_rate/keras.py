"""Keras's SGD has learning rate 0.01."""

import keras


def default():
    """How far one step from gradient 1 goes."""
    return step(keras.optimizers.SGD())


def matched():
    """The same, with the learning rate said."""
    return step(keras.optimizers.SGD(learning_rate=0.01))


def step(optimizer):
    w = keras.Variable(0.0)
    optimizer.apply([keras.ops.ones(())], [w])
    return -float(w.numpy())
