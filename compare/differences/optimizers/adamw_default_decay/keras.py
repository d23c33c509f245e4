"""Keras's AdamW: weight_decay=0.004."""

import keras


def default():
    """A weight of 1 after a step with no gradient but the decay."""
    return step(learning_rate=0.1)


def matched():
    """The same, with the decay said."""
    return step(learning_rate=0.1, weight_decay=0.01)


def step(**options):
    w = keras.Variable(1.0)
    keras.optimizers.AdamW(**options).apply([keras.ops.zeros(())], [w])
    return float(w.numpy())
