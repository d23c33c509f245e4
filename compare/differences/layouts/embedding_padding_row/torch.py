"""The row of `padding_idx` is zero from the start."""

import torch


def default():
    """Whether index 0 is embedded as zeros."""
    embedding = torch.nn.Embedding(10, 4, padding_idx=0)
    return not embedding(torch.tensor([0])).any().item()


def matched():
    """Nothing to change."""
    return default()
