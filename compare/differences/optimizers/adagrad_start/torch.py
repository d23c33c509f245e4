"""PyTorch's Adagrad starts at 0."""

import torch


def default():
    """How far one step from gradient 1 goes, in learning rates."""
    return step(torch.optim.Adagrad, lr=1.0)


def matched():
    """The same, with the start said."""
    return step(torch.optim.Adagrad, lr=1.0, initial_accumulator_value=0.0)


def step(optimizer, **options):
    w = torch.nn.Parameter(torch.zeros(1))
    w.grad = torch.ones(1)
    optimizer([w], **options).step()
    return -w.item()
