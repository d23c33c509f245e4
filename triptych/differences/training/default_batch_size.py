"""The default batch size

An epoch over 64 rows is 2 steps in Keras, whose `fit` takes batches of 32, and 64 steps in PyTorch,
whose `DataLoader` takes batches of 1.
"""

kind = "difference"
symptoms = "fit batch_size 32, DataLoader batch_size 1, predict batch size"
matters = """Thirty-two times as many steps, each of them noisier: neither the time nor the learning
rate carries over."""
remedy = "Set `batch_size=` in both."
sources = [
    "torch/utils/data/dataloader.py, DataLoader.__init__",
    "keras/src/trainers/trainer.py, Trainer.fit",
]
lessons = [3, 4, 7, 8]

observed = {"torch": 64, "keras": 2}


def torch():
    """PyTorch's DataLoader: batch_size=1."""

    import torch
    from torch.utils.data import DataLoader

    def default():
        """The steps in an epoch over 64 rows."""
        return len(DataLoader(torch.zeros(64)))

    def matched():
        """The same, with the batch size said."""
        return len(DataLoader(torch.zeros(64), batch_size=32))

    return default, matched


def keras():
    """Keras's fit: batch_size=32."""

    import keras
    import numpy as np

    def default():
        """The steps in an epoch over 64 rows."""
        return steps()

    def matched():
        """The same, with the batch size said."""
        return steps(batch_size=32)

    def steps(**options):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
        model.compile("sgd", loss="mse", run_eagerly=True)
        model.fit(np.zeros((64, 1)), np.zeros((64, 1)), verbose=0, **options)
        return int(model.optimizer.iterations.numpy())

    return default, matched
