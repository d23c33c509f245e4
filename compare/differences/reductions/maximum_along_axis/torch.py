"""The values and their places."""

import torch


def default():
    """How many things come back of a (3, 5)."""
    return len(torch.zeros(3, 5).max(dim=0))


def matched():
    """The values alone."""
    return len(torch.zeros(3, 5).amax(dim=0))
