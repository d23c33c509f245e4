"""The mean is subtracted before squaring."""

import torch

X = torch.tensor([[10000.0], [10001.0], [10002.0], [10003.0]])


def variance(x):
    """The running variance after this batch, over n."""
    layer = torch.nn.BatchNorm1d(1, momentum=1.0)
    layer(x)
    return layer.running_var.item() * 3 / 4


def default():
    """Whether the variance of 10000 to 10003 comes out as 1.25."""
    return abs(variance(X) - 1.25) < 0.1


def matched():
    """After subtracting what they have in common."""
    return variance(X - 10000)
