"""PyTorch: g / (√v + ε)."""

import torch


def default():
    """How far one step from gradient 0.1 goes, in learning rates."""
    return step(epsilon=1e-2)


def matched():
    """The same, with an epsilon that does not count."""
    return step(epsilon=1e-12)


def step(epsilon):
    w = torch.nn.Parameter(torch.zeros(1))
    w.grad = torch.full_like(w, 0.1)
    torch.optim.RMSprop([w], lr=1.0, alpha=0.9, eps=epsilon).step()
    return -w.item()
