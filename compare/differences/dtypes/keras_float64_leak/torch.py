"""Both have the dtype of their tensors."""

import torch


def default():
    """[the mean of 0.1 and 0.2, their scalar product with 0.3 and 0.4]."""
    x = torch.tensor([0.1, 0.2], dtype=torch.float64)
    w = torch.tensor([0.3, 0.4], dtype=torch.float64)
    return [torch.mean(x).item(), torch.matmul(x, w).item()]


def matched():
    """Nothing to change."""
    return default()
