"""Keras's history holds running means."""

import keras
import numpy as np

X, Y = np.ones((4, 1)), np.ones((4, 1))


def default():
    """The loss of an epoch, as fit reports it."""
    _, history = train()
    return history.history["loss"][0]


def matched():
    """The loss at its end."""
    model, _ = train()
    return model.evaluate(X, Y, verbose=0)


def train():
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.25), loss="mse", run_eagerly=True)
    return model, model.fit(X, Y, batch_size=1, verbose=0)
