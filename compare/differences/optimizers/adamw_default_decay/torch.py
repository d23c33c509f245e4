"""PyTorch's AdamW: weight_decay=0.01."""

import torch


def default():
    """A weight of 1 after a step with no gradient but the decay."""
    return step(lr=0.1)


def matched():
    """The same, with the decay said."""
    return step(lr=0.1, weight_decay=0.01)


def step(**options):
    w = torch.nn.Parameter(torch.ones(1))
    w.grad = torch.zeros(1)
    torch.optim.AdamW([w], **options).step()
    return w.item()
