"""PyTorch's DataLoader keeps it: drop_last=False."""

import torch
from torch.utils.data import DataLoader


def default():
    """The rows in each batch of an epoch."""
    return [len(batch) for batch in DataLoader(torch.zeros(10), batch_size=4)]
