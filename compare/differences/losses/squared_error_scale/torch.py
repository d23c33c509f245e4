"""PyTorch: the mean over all elements."""

import torch


def default():
    """The squared error of two rows of three outputs."""
    z = torch.tensor([[1.0, 2.0, 3.0], [1.0, 2.0, 3.0]])
    return torch.nn.MSELoss()(z, torch.zeros(2, 3)).item()


def matched():
    """The same."""
    return default()
