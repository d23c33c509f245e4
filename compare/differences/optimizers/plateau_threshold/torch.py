"""PyTorch's threshold is a share of the loss."""

import torch


def default():
    """The learning rate after six epochs in which the loss fell by 0.01 each."""
    return rate(patience=2)


def matched():
    """The same, with a threshold that is flat."""
    return rate(patience=2, threshold_mode="abs")


def rate(**options):
    optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, **options)
    for epoch in range(6):
        scheduler.step(1000.0 - 0.01 * epoch)
    return optimizer.param_groups[0]["lr"]
