"""The sign, which is 0."""

import torch


def default():
    """The gradient of |x| at 0."""
    x = torch.zeros((), requires_grad=True)
    x.abs().backward()
    return x.grad.item()


def matched():
    """Nothing to change."""
    return default()
