"""PyTorch adds to what is there."""

import torch


def default():
    """The gradient of w² at 3, asked for twice."""
    w = torch.tensor(3.0, requires_grad=True)
    for _ in range(2):
        (w**2).backward()
    return w.grad.item()


def matched():
    """The same, forgotten in between."""
    w = torch.tensor(3.0, requires_grad=True)
    optimizer = torch.optim.SGD([w])
    for _ in range(2):
        optimizer.zero_grad()
        (w**2).backward()
    return w.grad.item()
