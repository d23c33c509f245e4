"""Keras: g / √(v + ε)."""

import keras


def default():
    """How far one step from gradient 0.1 goes, in learning rates."""
    return step(epsilon=1e-2)


def matched():
    """The same, with an epsilon that does not count."""
    return step(epsilon=1e-12)


def step(epsilon):
    w = keras.Variable(0.0)
    optimizer = keras.optimizers.RMSprop(learning_rate=1.0, rho=0.9, epsilon=epsilon)
    optimizer.apply([keras.ops.convert_to_tensor(0.1)], [w])
    return -float(w.numpy())
