"""PyTorch's is a similarity."""

import torch


def default():
    """Of two vectors that point the same way."""
    return torch.nn.CosineSimilarity()(
        torch.tensor([[3.0, 4.0]]), torch.tensor([[6.0, 8.0]])
    ).item()


def matched():
    """The same as a loss."""
    return -default()
