"""Sorted."""

import torch


def default():
    """Of 3, 1, 3."""
    return torch.unique(torch.tensor([3, 1, 3])).tolist()


def matched():
    """Nothing to change."""
    return default()
