"""PyTorch's cosine goes on."""

import math

import torch
from torch.optim import lr_scheduler


def default():
    """The learning rate at steps 0, 2, 4, 6 and 8 of a schedule for four."""
    return rates(lambda optimizer: lr_scheduler.CosineAnnealingLR(optimizer, T_max=4))


def matched():
    """The same, with a cosine that stops."""

    def cosine(step):
        return (1 + math.cos(math.pi * min(step, 4) / 4)) / 2

    return rates(lambda optimizer: lr_scheduler.LambdaLR(optimizer, cosine))


def rates(make):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler, found = make(optimizer), []
    for _ in range(9):
        found += scheduler.get_last_lr()
        optimizer.step()
        scheduler.step()
    return found[::2]
