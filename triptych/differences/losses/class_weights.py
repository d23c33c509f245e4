"""A weighted mean: divided by the weights or by the rows

Two rows with a loss of 0.693 each, of classes with weights 1 and 3. PyTorch divides the weighted
sum by the sum of the weights, and returns 0.693; Keras divides it by the number of rows, and
returns 1.386.
"""

kind = "difference"
symptoms = """CrossEntropyLoss weight, class_weight fit, sample_weight; weighted loss
normalized; loss scale differs with class weights, imbalanced"""
matters = """In Keras the weights change the size of a step, and rare batches of heavy classes step
far; in PyTorch they only shift the balance within a batch, and in a batch of one class the weight
has no effect."""
remedy = 'In PyTorch take `reduction="sum"` and divide by the number of rows.'
sources = [
    "torch/nn/modules/loss.py, CrossEntropyLoss (its formula for reduction mean)",
    "keras/src/losses/loss.py, reduce_weighted_values",
]
lessons = []

observed = {"torch": 0.6931472, "keras": 1.3862944}
round_off = 1e-6  # float32


def torch():
    """PyTorch divides by the sum of the weights."""

    import torch

    LOGITS, LABELS = torch.zeros(2, 2), torch.tensor([0, 1])
    WEIGHTS = torch.tensor([1.0, 3.0])

    def default():
        """The loss of two rows of weights 1 and 3."""
        return torch.nn.CrossEntropyLoss(weight=WEIGHTS)(LOGITS, LABELS).item()

    def matched():
        """The same, divided by the number of rows."""
        loss = torch.nn.CrossEntropyLoss(weight=WEIGHTS, reduction="sum")
        return loss(LOGITS, LABELS).item() / len(LABELS)

    return default, matched


def keras():
    """Keras divides by the number of rows."""

    import keras
    import numpy as np

    def default():
        """The loss of two rows of weights 1 and 3."""
        model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(2)])
        loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
        model.compile("sgd", loss, run_eagerly=True)
        x, y = np.zeros((2, 1)), np.array([0, 1])
        return float(model.train_on_batch(x, y, class_weight={0: 1.0, 1: 3.0}))

    def matched():
        """The same."""
        return default()

    return default, matched
