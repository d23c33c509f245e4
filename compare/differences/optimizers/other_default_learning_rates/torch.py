"""PyTorch's learning rates follow the papers."""

import torch

NAMES = ("Adagrad", "RMSprop", "Adadelta", "Adam")


def default():
    """The learning rates of four optimizers."""
    return [rate_of(name) for name in NAMES]


def matched():
    """The same, said."""
    return [rate_of(name, lr=0.01) for name in NAMES]


def rate_of(name, **options):
    optimizer = getattr(torch.optim, name)([torch.zeros(1)], **options)
    return optimizer.param_groups[0]["lr"]
