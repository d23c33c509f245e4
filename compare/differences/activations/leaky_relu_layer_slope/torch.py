"""The slope is 0.01, as in the function."""

import torch


def default():
    """What −1 becomes."""
    return torch.nn.LeakyReLU()(torch.tensor(-1.0)).item()


def matched():
    """Nothing to change."""
    return default()
