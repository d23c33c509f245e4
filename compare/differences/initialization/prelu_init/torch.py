"""`nn.PReLU` starts with a slope of 0.25, as in the paper of He et al."""

import torch


def default():
    """What −1 becomes."""
    return torch.nn.PReLU()(torch.tensor([-1.0])).item()


def matched():
    """Nothing to change."""
    return default()
