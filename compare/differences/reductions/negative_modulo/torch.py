"""As in Python."""

import torch


def default():
    """[−7 % 3, −7 // 3]."""
    x = torch.tensor(-7)
    return [(x % 3).item(), (x // 3).item()]
