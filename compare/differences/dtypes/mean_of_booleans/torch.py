"""A boolean has no mean."""

import torch

RIGHT = torch.tensor([0, 1]) == torch.tensor([0, 0])


def default():
    """One right of two."""
    return RIGHT.mean().item()


def matched():
    """After a cast."""
    return RIGHT.float().mean().item()
