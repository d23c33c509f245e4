"""PyTorch's buffer is a sum of gradients."""

import torch


def default():
    """How far two steps go, the second with a tenth of the learning rate."""
    w = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9)
    for learning_rate in (0.1, 0.01):
        optimizer.param_groups[0]["lr"] = learning_rate
        w.grad = torch.ones(1)
        optimizer.step()
    return -w.item()


def matched():
    """The same."""
    return default()
