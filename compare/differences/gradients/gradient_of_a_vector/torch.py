"""An error: a gradient belongs to a scalar."""

import torch

X = torch.tensor([1.0, 2.0])


def default():
    """The gradient with respect to w of (w·1, w·2)."""
    w = torch.ones((), requires_grad=True)
    (w * X).backward()
    return w.grad.item()


def matched():
    """Of the mean."""
    w = torch.ones((), requires_grad=True)
    (w * X).mean().backward()
    return w.grad.item()
