"""Exact for the dtype."""

import torch


def default():
    """GELU of 1."""
    return torch.nn.functional.gelu(torch.tensor(1.0, dtype=torch.float64)).item()


def matched():
    """Nothing to change."""
    return default()
