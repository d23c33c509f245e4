"""To the even one."""

import torch


def default():
    """½, 1½, 2½, −½."""
    return torch.tensor([0.5, 1.5, 2.5, -0.5]).round().tolist()
