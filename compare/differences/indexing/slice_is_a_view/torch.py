"""A slice shares its memory."""

import torch


def default():
    """The first number of the whole after 9 was written into a slice."""
    x = torch.zeros(4)
    part = x[:2]
    part[0] = 9.0
    return x[0].item()


def matched():
    """After 9 was written into a copy."""
    x = torch.zeros(4)
    part = x[:2].clone()
    part[0] = 9.0
    return x[0].item()
