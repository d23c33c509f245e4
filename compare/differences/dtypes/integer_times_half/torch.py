"""A float."""

import torch


def default():
    """3 times 0.5."""
    return (torch.tensor([3]) * 0.5)[0].item()


def matched():
    """Nothing to change."""
    return default()
