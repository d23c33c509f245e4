"""ε is 1e-5."""

import torch


def default():
    """What becomes of 0.1, in one group of ±0.1."""
    return torch.nn.GroupNorm(1, 2)(torch.tensor([[0.1, -0.1]]))[0, 0].item()


def matched():
    """Nothing to change."""
    return default()
