"""Keras takes 0.001 for all of them."""

import keras

NAMES = ("Adagrad", "RMSprop", "Adadelta", "Adam")


def default():
    """The learning rates of four optimizers."""
    return [rate_of(name) for name in NAMES]


def matched():
    """The same, said."""
    return [rate_of(name, learning_rate=0.01) for name in NAMES]


def rate_of(name, **options):
    optimizer = getattr(keras.optimizers, name)(**options)
    return float(optimizer.learning_rate.numpy())
