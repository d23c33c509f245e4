"""No smoothing."""

import torch

ROW = torch.arange(8.0).square().reshape(1, 1, 1, 8)


def default():
    """The squares of 0 to 7, made three numbers."""
    small = torch.nn.functional.interpolate(ROW, size=(1, 3), mode="bilinear")
    return small.flatten().tolist()


def matched():
    """Nothing to change."""
    return default()
