"""The kernel is taken as it is written."""

import torch


def default():
    """1, 2, 3, 4 with the kernel 1, 0, −1."""
    x, kernel = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]]), torch.tensor([[[1.0, 0.0, -1.0]]])
    return torch.nn.functional.conv1d(x, kernel).flatten().tolist()


def matched():
    """Nothing to change."""
    return default()
