"""PyTorch's Adam: eps=1e-8."""

import math

import torch


def default():
    """The power of ten of Adam's epsilon."""
    return power_of(torch.optim.Adam([torch.zeros(1)]))


def matched():
    """The same, said."""
    return power_of(torch.optim.Adam([torch.zeros(1)], eps=1e-8))


def power_of(optimizer):
    return math.log10(optimizer.defaults["eps"])
