"""NaN."""

import torch


def default():
    """The mean of an empty tensor."""
    return torch.zeros(0).mean().item()
