"""The last batch, if it is not full

Ten rows in batches of four are three batches, of 4, 4 and 2 rows, in PyTorch's `DataLoader`,
TensorFlow's `Dataset.batch` and Keras's `fit`: none drops the last.
"""

kind = "agreement"
symptoms = """drop_last, drop_remainder, last batch smaller, incomplete batch, uneven number of
rows"""
matters = "The two rows of the last batch count twice as much as the others, in all three."
sources = [
    "torch/utils/data/dataloader.py, DataLoader (drop_last)",
    "https://www.tensorflow.org/api_docs/python/tf/data/Dataset#batch",
    "keras/src/trainers/trainer.py, Trainer.fit",
]
lessons = [3, 4, 7, 8]

observed = {"torch": [4, 4, 2], "tensorflow": [4, 4, 2], "keras": [4, 4, 2]}


def torch():
    """PyTorch's DataLoader keeps it: drop_last=False."""

    import torch
    from torch.utils.data import DataLoader

    def default():
        """The rows in each batch of an epoch."""
        return [len(batch) for batch in DataLoader(torch.zeros(10), batch_size=4)]

    return default


def tensorflow():
    """TensorFlow's Dataset keeps it: drop_remainder=False."""

    import tensorflow as tf

    def default():
        """The rows in each batch of an epoch."""
        batches = tf.data.Dataset.from_tensor_slices(tf.zeros(10)).batch(4)
        return [len(batch) for batch in batches]

    return default


def keras():
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

    return default
