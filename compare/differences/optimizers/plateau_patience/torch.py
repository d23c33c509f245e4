"""PyTorch lowers when more epochs were bad than its patience."""

import torch


def default():
    """The epochs without improvement before the learning rate falls."""
    return bad_epochs(patience=2)


def matched():
    """The same, for Keras's patience of 2."""
    return bad_epochs(patience=1)


def bad_epochs(patience):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, patience=patience)
    scheduler.step(1.0)
    rates = []
    for _ in range(5):
        rates += scheduler.get_last_lr()
        scheduler.step(1.0)
    return rates.count(1.0)
