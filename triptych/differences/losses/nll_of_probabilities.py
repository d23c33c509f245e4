"""The input of a negative log-likelihood

Given the probabilities 0.7, 0.2 and 0.1 and the first class, PyTorch's `NLLLoss` returns −0.7: it
takes no logarithm but expects one as input. Keras's `SparseCategoricalCrossentropy` takes the
logarithm, and returns 0.357.
"""

kind = "difference"
symptoms = """nll_loss negative loss, NLLLoss expects log_softmax, log-probabilities, softmax
then NLLLoss"""
matters = """Minimised, −p also makes the right class likelier, so training seems to work; but a
certain mistake costs no more than 0, and its gradient vanishes."""
remedy = """Put `LogSoftmax` before PyTorch's `NLLLoss`, or use `CrossEntropyLoss` on logits, which
is both in one."""
sources = [
    "torch/nn/modules/loss.py, NLLLoss",
    "keras/src/losses/losses.py, SparseCategoricalCrossentropy",
]
lessons = [3, 4, 7, 8]

observed = {"torch": -0.7, "keras": 0.3566749}
round_off = 1e-6  # float32


def torch():
    """PyTorch's NLLLoss picks an entry and changes its sign."""

    import torch

    def default():
        """The loss of three probabilities, of which the first is right."""
        return loss(torch.tensor([[0.7, 0.2, 0.1]]))

    def matched():
        """The same from their logarithms."""
        return loss(torch.tensor([[0.7, 0.2, 0.1]]).log())

    def loss(scores):
        return torch.nn.NLLLoss()(scores, torch.tensor([0])).item()

    return default, matched


def keras():
    """Keras takes the logarithm."""

    import keras
    import numpy as np

    def default():
        """The loss of three probabilities, of which the first is right."""
        loss = keras.losses.SparseCategoricalCrossentropy()
        return float(loss(np.array([0]), np.array([[0.7, 0.2, 0.1]])))

    def matched():
        """The same."""
        return default()

    return default, matched
