"""Binary cross-entropy of a certain mistake

For a probability of 0 where the truth is 1 the loss is infinite. NumPy returns that; PyTorch stops
the logarithm at −100 and returns 100; Keras moves the probability to 1e-7 and returns 16.118.
"""

from math import inf

kind = "difference"
symptoms = """BCELoss returns 100, binary_cross_entropy clamp log -100, epsilon 1e-7 clipping,
inf loss, log(0); BinaryCrossentropy different"""
matters = """Confident mistakes weigh six times more in PyTorch's mean, and where Keras has moved
the probability no gradient comes back at all."""
remedy = """Compute the loss from logits, where no limit is needed: `BCEWithLogitsLoss` in PyTorch,
`from_logits=True` in Keras."""
sources = [
    "torch/nn/modules/loss.py, BCELoss (its note on clamping)",
    "keras/src/backend/torch/nn.py, binary_crossentropy",
    "keras/src/backend/tensorflow/nn.py, binary_crossentropy",
]
lessons = []

observed = {"numpy": inf, "torch": 100.0, "keras": 16.118095}
round_off = 1e-6  # float32


def numpy():
    """The definition, −log p."""

    import numpy as np

    def default():
        """The loss of probability 0 where the truth is 1."""
        with np.errstate(divide="ignore"):
            return float(-np.log(np.float64(0.0)))

    def matched():
        """The loss of logit −20: log(1 + exp(20))."""
        return float(np.logaddexp(0.0, 20.0))

    return default, matched


def torch():
    """PyTorch stops the logarithm at −100."""

    import torch

    def default():
        """The loss of probability 0 where the truth is 1."""
        return torch.nn.BCELoss()(torch.zeros(1), torch.ones(1)).item()

    def matched():
        """The loss of logit −20."""
        return torch.nn.BCEWithLogitsLoss()(torch.tensor([-20.0]), torch.ones(1)).item()

    return default, matched


def keras():
    """Keras keeps probabilities within 1e-7 of 0 and 1."""

    import keras
    import numpy as np

    def default():
        """The loss of probability 0 where the truth is 1."""
        return float(keras.losses.BinaryCrossentropy()(np.ones((1, 1)), np.zeros((1, 1))))

    def matched():
        """The loss of logit −20."""
        loss = keras.losses.BinaryCrossentropy(from_logits=True)
        return float(loss(np.ones((1, 1)), np.full((1, 1), -20.0)))

    return default, matched
