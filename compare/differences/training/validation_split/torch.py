"""PyTorch's random_split draws."""

import torch
from torch.utils.data import Subset, random_split


def default():
    """Whether a fifth held out is the last fifth."""
    torch.manual_seed(0)
    _, held_out = random_split(range(10), [0.8, 0.2])
    return sorted(held_out) == [8, 9]


def matched():
    """The same, cut."""
    return sorted(Subset(range(10), [8, 9])) == [8, 9]
