"""Sums of integers are int64."""

import torch


def default():
    """100 + 100 + 100."""
    return torch.tensor([100, 100, 100], dtype=torch.int8).sum().item()


def matched():
    """Nothing to change."""
    return default()
