"""Stable."""

import torch


def default():
    """Of 1000 and 0."""
    return torch.softmax(torch.tensor([1000.0, 0.0]), dim=0).tolist()
