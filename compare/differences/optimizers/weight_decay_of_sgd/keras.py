"""Keras: w ← w − η·λ·w, beside the step."""

import keras
import numpy as np


def default():
    """A weight of 1 after two steps with no gradient but the decay."""
    w = keras.Variable(1.0)
    optimizer = keras.optimizers.SGD(learning_rate=0.1, momentum=0.9, weight_decay=0.1)
    for _ in range(2):
        optimizer.apply([keras.ops.zeros(())], [w])
    return float(w.numpy())


def matched():
    """The same, with a penalty on the kernel in the place of the decay."""
    layer = keras.layers.Dense(
        1, kernel_initializer="ones", kernel_regularizer=keras.regularizers.L2(0.1 / 2)
    )
    model = keras.Sequential([keras.Input((1,)), layer])
    model.compile(keras.optimizers.SGD(0.1, momentum=0.9), loss="mse", run_eagerly=True)
    for _ in range(2):
        model.train_on_batch(np.zeros((1, 1)), np.zeros((1, 1)))
    return float(layer.kernel.numpy().item())
