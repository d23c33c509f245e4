"""The padding is −∞, implicitly."""

import torch


def default():
    """The maxima of three neighbours in −1, −2, −3."""
    x = torch.tensor([[[-1.0, -2.0, -3.0]]])
    return torch.nn.MaxPool1d(3, stride=1, padding=1)(x).flatten().tolist()
