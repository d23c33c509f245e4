"""PyTorch: g ← g + λ·w, before momentum."""

import torch


def default():
    """A weight of 1 after two steps with no gradient but the decay."""
    w = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9, weight_decay=0.1)
    for _ in range(2):
        w.grad = torch.zeros(1)
        optimizer.step()
    return w.item()


def matched():
    """The same."""
    return default()
