"""PyTorch's RMSprop: alpha=0.99."""

import torch


def default():
    """How far one step from gradient 1 goes, in learning rates."""
    return step(torch.optim.RMSprop, lr=1.0)


def matched():
    """The same, with the decay said."""
    return step(torch.optim.RMSprop, lr=1.0, alpha=0.9)


def step(optimizer, **options):
    w = torch.nn.Parameter(torch.zeros(1))
    w.grad = torch.ones(1)
    optimizer([w], **options).step()
    return -w.item()
