"""The old value is read twice and written twice."""

import torch


def default():
    """What 0 becomes."""
    x = torch.zeros(2)
    x[torch.tensor([0, 0])] += 1
    return x[0].item()


def matched():
    """Accumulated."""
    return torch.zeros(2).index_add_(0, torch.tensor([0, 0]), torch.ones(2))[0].item()
