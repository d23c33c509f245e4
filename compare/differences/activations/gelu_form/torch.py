"""`nn.GELU` is exact."""

import torch


def default():
    """GELU of 1."""
    return torch.nn.GELU()(torch.tensor(1.0)).item()


def matched():
    """Nothing to change."""
    return default()
