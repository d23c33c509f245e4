"""All to one of them, where an axis is named."""

import torch


def default():
    """The gradient of the largest of 3, 3, 1, along axis 0."""
    x = torch.tensor([3.0, 3.0, 1.0], requires_grad=True)
    x.max(dim=0).values.backward()
    return x.grad.tolist()


def matched():
    """By `amax`."""
    x = torch.tensor([3.0, 3.0, 1.0], requires_grad=True)
    x.amax(dim=0).backward()
    return x.grad.tolist()
