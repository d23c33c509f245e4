"""The input of the Poisson loss: the rate or its logarithm

For a prediction of 2 and a count of 3, PyTorch's `PoissonNLLLoss` reads the prediction as a
logarithm, e² − 3·2 = 1.389; Keras's `Poisson` reads it as the rate, 2 − 3·log 2 = −0.079.
"""

kind = "difference"
symptoms = "PoissonNLLLoss log_input, keras Poisson loss"
matters = """A network that ends in an exponential is right for Keras and diverges under PyTorch's
default; one without it can predict negative rates in Keras."""
remedy = "In PyTorch set `log_input=False`, or let Keras's model end in an exponential."
sources = [
    "torch/nn/modules/loss.py, PoissonNLLLoss",
    "keras/src/losses/losses.py, Poisson",
]
lessons = []

observed = {"torch": 1.3890561, "keras": -0.0794415}
round_off = 1e-6  # float32, and a guard of 1e-8 against 1e-7 inside the logarithm


def torch():
    """PyTorch: exp(z) − y·z."""

    import torch

    def default():
        """The loss of prediction 2 and count 3."""
        return torch.nn.PoissonNLLLoss()(torch.tensor([2.0]), torch.tensor([3.0])).item()

    def matched():
        """The same, for a rate."""
        loss = torch.nn.PoissonNLLLoss(log_input=False)
        return loss(torch.tensor([2.0]), torch.tensor([3.0])).item()

    return default, matched


def keras():
    """Keras: z − y·log z."""

    import keras
    import numpy as np

    def default():
        """The loss of prediction 2 and count 3."""
        return float(keras.losses.Poisson()(np.array([[3.0]]), np.array([[2.0]])))

    def matched():
        """The same."""
        return default()

    return default, matched
