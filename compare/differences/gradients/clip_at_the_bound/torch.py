"""The bound belongs to the inside."""

import torch


def default():
    """The gradient of clip(x, −1, 1) at 1."""
    x = torch.ones((), requires_grad=True)
    x.clamp(-1, 1).backward()
    return x.grad.item()


def matched():
    """Nothing to change."""
    return default()
