"""PyTorch's Adadelta: rho=0.9, eps=1e-6."""

import torch


def default():
    """How far one step from gradient 1 goes, in learning rates."""
    return step(torch.optim.Adadelta, lr=1.0)


def matched():
    """The same, with both constants said."""
    return step(torch.optim.Adadelta, lr=1.0, rho=0.9, eps=1e-6)


def step(optimizer, **options):
    w = torch.nn.Parameter(torch.zeros(1))
    w.grad = torch.ones(1)
    optimizer([w], **options).step()
    return -w.item()
