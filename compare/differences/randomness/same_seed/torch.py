"""Mersenne Twister."""

import numpy as np
import torch


def default():
    """The first number between 0 and 1."""
    torch.manual_seed(0)
    return torch.rand(()).item()


def matched():
    """As NumPy drew it."""
    return torch.tensor(np.random.default_rng(0).uniform()).item()
