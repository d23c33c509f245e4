"""PyTorch: the mode and the gradients are two things."""

import torch


def default():
    """The running mean of a frozen layer after a batch with mean 1."""
    return running_mean(torch.nn.BatchNorm1d(1).requires_grad_(False).train())


def matched():
    """The same, in evaluation mode."""
    return running_mean(torch.nn.BatchNorm1d(1).requires_grad_(False).eval())


def running_mean(layer):
    layer(torch.tensor([[0.0], [2.0]]))
    return layer.running_mean.item()
