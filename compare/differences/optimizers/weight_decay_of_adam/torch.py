"""PyTorch's Adam adds the decay to the gradient."""

import torch


def default():
    """A weight of 1 after a step with no gradient but the decay."""
    return step(torch.optim.Adam)


def matched():
    """The same with AdamW."""
    return step(torch.optim.AdamW)


def step(optimizer):
    w = torch.nn.Parameter(torch.ones(1))
    w.grad = torch.zeros(1)
    optimizer([w], lr=0.01, weight_decay=0.1).step()
    return w.item()
