"""Keras's Adam decays the weight beside the step."""

import keras


def default():
    """A weight of 1 after a step with no gradient but the decay."""
    return step(keras.optimizers.Adam)


def matched():
    """The same with AdamW."""
    return step(keras.optimizers.AdamW)


def step(optimizer):
    w = keras.Variable(1.0)
    optimizer(learning_rate=0.01, weight_decay=0.1).apply([keras.ops.zeros(())], [w])
    return float(w.numpy())
