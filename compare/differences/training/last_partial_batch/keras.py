"""Keras's fit keeps it."""

import keras
import numpy as np


def default():
    """The rows in each batch of an epoch: the sums of their ones, as losses."""
    model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
    model.compile(loss=lambda y, z: keras.ops.sum(z), run_eagerly=True)
    losses = BatchLosses()
    model.fit(np.ones((10, 1)), np.ones((10, 1)), batch_size=4, verbose=0, callbacks=[losses])
    return losses.rows


class BatchLosses(keras.callbacks.Callback):
    def on_epoch_begin(self, epoch, logs=None):
        self.rows = []

    def on_train_batch_begin(self, batch, logs=None):
        self.model.reset_metrics()

    def on_train_batch_end(self, batch, logs=None):
        self.rows.append(round(logs["loss"]))
