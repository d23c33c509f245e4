"""A mean over batches of different sizes

Three rows with squared errors 0, 0 and 9, in batches of two and one. Keras's `evaluate` weighs each
batch by its rows and returns 3, the mean over the rows. The usual loop in PyTorch adds up the
batches' means and divides by their number, and returns 4.5.
"""

kind = "difference"
symptoms = """average loss of epoch wrong with smaller last batch, loss.item() * batch size,
len(loader) or len(dataset), running_loss"""
matters = """The last batch counts for more than its rows, so the reported loss depends on the batch
size."""
remedy = "Multiply each batch's mean by its length, and divide the sum by the number of rows."
sources = [
    "keras/src/trainers/trainer.py, Trainer._loss_tracker",
    "https://docs.pytorch.org/tutorials/beginner/basics/optimization_tutorial.html (its test_loop)",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 4.5, "keras": 3.0}
round_off = 1e-6  # float32


def torch():
    """The usual loop takes the mean of means."""

    import torch
    from torch.nn import functional
    from torch.utils.data import DataLoader

    ERRORS = torch.tensor([0.0, 0.0, 3.0])

    def default():
        """The mean squared error of three rows in two batches."""
        total, batches = 0.0, DataLoader(ERRORS, batch_size=2)
        for errors in batches:
            total += functional.mse_loss(errors, torch.zeros_like(errors)).item()
        return total / len(batches)

    def matched():
        """The same, each batch weighed by its rows."""
        total = 0.0
        for errors in DataLoader(ERRORS, batch_size=2):
            total += functional.mse_loss(errors, torch.zeros_like(errors)).item() * len(errors)
        return total / len(ERRORS)

    return default, matched


def keras():
    """Keras weighs each batch by its rows."""

    import keras
    import numpy as np

    def default():
        """The mean squared error of three rows in two batches."""
        model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
        model.compile(loss="mse", run_eagerly=True)
        errors = np.array([[0.0], [0.0], [3.0]])
        return float(model.evaluate(errors, np.zeros((3, 1)), batch_size=2, verbose=0))

    def matched():
        """The same."""
        return default()

    return default, matched
