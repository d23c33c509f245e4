"""The gradient is set to 0 where the deviation is."""

import torch


def default():
    """The gradient of the standard deviation of (2, 2)."""
    x = torch.tensor([2.0, 2.0], requires_grad=True)
    x.std(correction=0).backward()
    return x.grad.tolist()


def matched():
    """With a small number under the root."""
    x = torch.tensor([2.0, 2.0], requires_grad=True)
    (x.var(correction=0) + 1e-12).sqrt().backward()
    return x.grad.tolist()
