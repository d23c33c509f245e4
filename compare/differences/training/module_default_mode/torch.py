"""A PyTorch module begins in training mode."""

import torch


def default():
    """0 and 2, normalised by a fresh layer."""
    layer = torch.nn.BatchNorm1d(1)
    return layer(torch.tensor([[0.0], [2.0]])).flatten().tolist()


def matched():
    """The same in evaluation mode, with the same epsilon."""
    layer = torch.nn.BatchNorm1d(1, eps=1e-3).eval()
    return layer(torch.tensor([[0.0], [2.0]])).flatten().tolist()
