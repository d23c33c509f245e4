"""The order of the rows

Keras's `fit` shuffles the rows before every epoch, PyTorch's `DataLoader` keeps their order. Each
step of this model goes half of the way to its row's label, so its weight depends on the order; the
value shown is whether that was the order of the data.
"""

kind = "difference"
symptoms = """fit shuffle=True by default, DataLoader shuffle=False, order of the rows; LSTM on
ordered data; results differ between runs"""
matters = """Data sorted by class train badly in PyTorch, and a step-by-step comparison of the two
fails from the start."""
remedy = """Set it explicitly: `shuffle=False` in `fit`, or `shuffle=True` in `DataLoader`; to
compare, permute the data yourself and shuffle in neither."""
sources = [
    "torch/utils/data/dataloader.py, DataLoader.__init__",
    "keras/src/trainers/trainer.py, Trainer.fit",
]
lessons = [1, 3, 4, 7, 8]

observed = {"torch": True, "keras": False}


def torch():
    """PyTorch's DataLoader keeps the order."""

    import torch
    from torch.utils.data import DataLoader

    LABELS = torch.tensor([0.0, 0, 0, 0, 1, 1, 1, 1])

    def default():
        """Whether eight rows are visited in their order."""
        return train()

    def matched():
        """The same, set explicitly."""
        return train(shuffle=False)

    def train(**options):
        w = 0.0
        for label in DataLoader(LABELS, batch_size=1, **options):
            w += (label.item() - w) / 2
        return w == 0.9375  # 15/16: the four ones came last

    return default, matched


def keras():
    """Keras's fit shuffles."""

    import keras
    import numpy as np

    LABELS = np.array([[0.0], [0], [0], [0], [1], [1], [1], [1]])

    def default():
        """Whether eight rows are visited in their order."""
        return train()

    def matched():
        """The same, set explicitly."""
        return train(shuffle=False)

    def train(**options):
        keras.utils.set_random_seed(1)
        layer = keras.layers.Dense(1, use_bias=False, kernel_initializer="zeros")
        model = keras.Sequential([keras.Input((1,)), layer])
        model.compile(keras.optimizers.SGD(0.25), loss="mse", run_eagerly=True)
        model.fit(np.ones((8, 1)), LABELS, batch_size=1, verbose=0, **options)
        return bool(abs(layer.kernel.numpy().item() - 0.9375) < 1e-6)  # the four ones came last

    return default, matched
