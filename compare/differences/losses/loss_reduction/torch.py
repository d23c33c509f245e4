"""PyTorch's functions reduce."""

import torch
from torch.nn import functional


def default():
    """The squared error of two rows."""
    return functional.mse_loss(torch.tensor([[1.0], [3.0]]), torch.zeros(2, 1)).tolist()


def matched():
    """The same."""
    return default()
