"""PyTorch: w ← w − η·(g + μ·v)."""

import torch


def default():
    """How far three steps go."""
    w = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.SGD([w], lr=0.1, momentum=0.9, nesterov=True)
    for gradient in (1.0, 2.0, -1.0):
        w.grad = torch.full_like(w, gradient)
        optimizer.step()
    return -w.item()
