"""The one at or before the corner."""

import torch

ROW = torch.arange(8.0).reshape(1, 1, 1, 8)


def default():
    """Which of 8 pixels are taken for 3."""
    return torch.nn.functional.interpolate(ROW, size=(1, 3), mode="nearest").flatten().tolist()


def matched():
    """By centres."""
    small = torch.nn.functional.interpolate(ROW, size=(1, 3), mode="nearest-exact")
    return small.flatten().tolist()
