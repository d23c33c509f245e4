"""PyTorch: the gradient is λ·w."""

import torch


def default():
    """What the penalty adds to the gradient of a weight of 2."""
    return gradient(weight_decay=0.01)


def matched():
    """The same, for Keras's "l2"."""
    return gradient(weight_decay=0.02)


def gradient(weight_decay):
    w = torch.nn.Parameter(torch.full((1,), 2.0))
    w.grad = torch.zeros(1)
    torch.optim.SGD([w], lr=1.0, weight_decay=weight_decay).step()
    return 2.0 - w.item()
