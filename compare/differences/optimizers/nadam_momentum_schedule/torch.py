"""PyTorch: 0.96 to the power of 0.004·t."""

import torch


def default():
    """How far three steps go, in learning rates."""
    return steps()


def matched():
    """The same, with Keras's schedule."""
    return steps(momentum_decay=1.0)


def steps(**options):
    w = torch.nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.NAdam([w], lr=1.0, eps=1e-12, **options)
    for gradient in (1.0, 0.0, 0.0):
        w.grad = torch.full_like(w, gradient)
        optimizer.step()
    return -w.item()
