"""Keras's fit shuffles."""

import keras
import numpy as np

LABELS = np.array([[0.0], [0], [0], [0], [1], [1], [1], [1]])


def default():
    """Whether eight rows are visited in their order."""
    return train()


def matched():
    """The same, said."""
    return train(shuffle=False)


def train(**options):
    keras.utils.set_random_seed(1)
    layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.25), loss="mse", run_eagerly=True)
    model.fit(np.ones((8, 1)), LABELS, batch_size=1, verbose=0, **options)
    return bool(abs(layer.kernel.numpy().item() - 0.9375) < 1e-6)  # the four ones came last
