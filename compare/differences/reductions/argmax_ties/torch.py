"""The first."""

import torch


def default():
    """Where the maximum of 1, 3, 3 is."""
    return torch.tensor([1.0, 3.0, 3.0]).argmax().item()
