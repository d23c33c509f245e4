"""The accuracy of a model that returns logits

Four logits of 0.3 where the truth is 1. Each stands for a probability of 0.57, so all are right, as
a PyTorch loop finds by their sign. Keras's metric `"accuracy"` compares with 0.5, even with a loss
with `from_logits=True`, and finds none.
"""

kind = "difference"
symptoms = """accuracy metrics threshold 0.5 logits, BinaryAccuracy from logits, accuracy too
low while the loss is good"""
matters = """Everything between a logit of 0 and 0.5 is counted as class 0: the accuracy that Keras
shows is too low, or too high, and the model is fine."""
remedy = "Use `keras.metrics.BinaryAccuracy(threshold=0)` for logits."
sources = ["keras/src/metrics/accuracy_metrics.py, BinaryAccuracy"]
lessons = []

observed = {"torch": 1.0, "keras": 0.0}


def torch():
    """The sign of a logit is its class."""

    import torch

    def default():
        """The share of right answers among four logits of 0.3."""
        logits, labels = torch.full((4,), 0.3), torch.ones(4)
        return ((logits > 0).float() == labels).float().mean().item()

    def matched():
        """The same."""
        return default()

    return default, matched


def keras():
    """Keras's accuracy takes what it is given for probabilities."""

    import keras
    import numpy as np

    def default():
        """The share of right answers among four logits of 0.3."""
        return accuracy("accuracy")

    def matched():
        """The same, with the threshold of logits."""
        return accuracy(keras.metrics.BinaryAccuracy(name="accuracy", threshold=0))

    def accuracy(metric):
        model = keras.Sequential([keras.Input((1,)), keras.layers.Identity()])
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        model.compile(loss=loss, metrics=[metric], run_eagerly=True)
        x, y = np.full((4, 1), 0.3), np.ones((4, 1))
        return float(model.evaluate(x, y, verbose=0, return_dict=True)["accuracy"])

    return default, matched
