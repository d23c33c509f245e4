"""An error."""

import torch


def default():
    """7 // 0."""
    return (torch.tensor(7) // torch.tensor(0)).item()


def matched():
    """By at least 1."""
    return (torch.tensor(7) // torch.tensor(0).clamp(min=1)).item()
