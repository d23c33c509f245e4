"""The whole."""

import torch


def default():
    """1, 2 repeated twice."""
    return torch.tensor([1, 2]).repeat(2).tolist()


def matched():
    """Each element."""
    return torch.tensor([1, 2]).repeat_interleave(2).tolist()
