"""Which rows are held out

Ten rows, a fifth to be held out. Keras's `validation_split` takes the last two; PyTorch's
`random_split` draws two. The value shown is whether the last two were held out.
"""

kind = "difference"
symptoms = """validation_split takes the last rows, random_split, sorted data; validation
accuracy 0"""
matters = "Where data are sorted by class, Keras validates on classes that it has never trained on."
remedy = """Permute the data yourself and cut them in either framework: `Subset` in PyTorch,
`validation_data` in Keras."""
sources = [
    "torch/utils/data/dataset.py, random_split",
    "keras/src/trainers/data_adapters/array_slicing.py, train_validation_split",
]
lessons = []

observed = {"torch": False, "keras": True}


def torch():
    """PyTorch's random_split draws."""

    import torch
    from torch.utils.data import Subset, random_split

    def default():
        """Whether a fifth held out is the last fifth."""
        torch.manual_seed(0)
        _, held_out = random_split(range(10), [0.8, 0.2])
        return sorted(held_out) == [8, 9]

    def matched():
        """The same, cut."""
        return sorted(Subset(range(10), [8, 9])) == [8, 9]

    return default, matched


def keras():
    """Keras's validation_split cuts."""

    import keras
    import numpy as np

    def default():
        """Whether a fifth held out is the last fifth."""
        labels = np.zeros((10, 1))
        labels[8:] = 1
        model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
        model.compile(loss="mse", run_eagerly=True)
        history = model.fit(np.zeros((10, 1)), labels, validation_split=0.2, verbose=0).history
        return history["val_loss"][0] == 1.0  # all ones; the loss of a zero is 0

    def matched():
        """The same."""
        return default()

    return default, matched
