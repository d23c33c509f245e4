"""PyTorch's DataLoader keeps the order."""

import torch
from torch.utils.data import DataLoader

LABELS = torch.tensor([0.0, 0, 0, 0, 1, 1, 1, 1])


def default():
    """Whether eight rows are visited in their order."""
    return train()


def matched():
    """The same, said."""
    return train(shuffle=False)


def train(**options):
    w = 0.0
    for label in DataLoader(LABELS, batch_size=1, **options):
        w += (label.item() - w) / 2
    return w == 0.9375  # 15/16: the four ones came last
