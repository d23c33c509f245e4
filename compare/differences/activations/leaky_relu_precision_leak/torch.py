"""The slope is a double."""

import torch


def default():
    """What −1 becomes with a slope of 0.1."""
    x = torch.tensor(-1.0, dtype=torch.float64)
    return torch.nn.functional.leaky_relu(x, negative_slope=0.1).item()


def matched():
    """Nothing to change."""
    return default()
