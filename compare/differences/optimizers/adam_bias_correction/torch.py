"""PyTorch computes 1 − β₂ᵗ as a Python float."""

import torch


def default():
    """How far Adam's first step is from one learning rate, in millionths."""
    return error(betas=(0.9, 0.999))


def matched():
    """The same, with constants that float32 holds exactly."""
    return error(betas=(0.875, 1 - 2**-10))


def error(betas):
    w = torch.nn.Parameter(torch.zeros(1))
    w.grad = torch.ones(1)
    torch.optim.Adam([w], lr=1.0, betas=betas, eps=1e-30).step()
    return (-w.item() - 1) * 1e6
