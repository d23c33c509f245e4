"""`momentum` is the share of the new."""

import torch


def default():
    """The running mean after one batch whose mean is 1."""
    layer = torch.nn.BatchNorm1d(1)
    layer(torch.ones(4, 1))
    return layer.running_mean.item()


def matched():
    """Nothing to change."""
    return default()
