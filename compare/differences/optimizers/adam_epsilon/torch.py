"""PyTorch adds epsilon to the root of the corrected second moment."""

import torch


def default():
    """How far one step from gradient 0.01 goes, in learning rates."""
    return step([0.01])


def matched():
    """The same over three steps."""
    return step([0.01, 0.02, -0.01])


def step(gradients):
    w = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
    optimizer = torch.optim.Adam([w], lr=1.0, eps=1e-3)
    for g in gradients:
        w.grad = torch.full_like(w, g)
        optimizer.step()
    return -w.item()
