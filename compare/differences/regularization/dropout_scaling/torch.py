"""PyTorch divides by 1 − p in training."""

import torch


def default():
    """The values that 100 ones take."""
    torch.manual_seed(0)
    return torch.nn.Dropout(0.75)(torch.ones(100)).unique().tolist()
