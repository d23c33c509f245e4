"""`correction` is 1."""

import torch


def default():
    """The standard deviation of 1, 2, 3, 4."""
    return torch.tensor([1.0, 2.0, 3.0, 4.0]).std().item()


def matched():
    """Over n."""
    return torch.tensor([1.0, 2.0, 3.0, 4.0]).std(correction=0).item()
