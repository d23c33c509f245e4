"""The first."""

import torch


def default():
    """The gradient of the pooled number with respect to 1, 1, 0, 1."""
    x = torch.tensor([[[1.0, 1.0, 0.0, 1.0]]], requires_grad=True)
    torch.nn.functional.max_pool1d(x, 4).sum().backward()
    return x.grad.flatten().tolist()
