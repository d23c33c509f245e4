"""An error that says to cast."""

import torch


def default():
    """The mean of 1 and 2."""
    return torch.tensor([1, 2]).mean().item()


def matched():
    """After a cast."""
    return torch.tensor([1, 2]).float().mean().item()
