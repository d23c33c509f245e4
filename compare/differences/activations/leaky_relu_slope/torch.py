"""The slope is 0.01."""

import torch


def default():
    """What −1 becomes."""
    return torch.nn.functional.leaky_relu(torch.tensor(-1.0)).item()


def matched():
    """With a slope of 0.1."""
    return torch.nn.functional.leaky_relu(torch.tensor(-1.0), negative_slope=0.1).item()
