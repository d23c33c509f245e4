"""An error."""

import torch

X = torch.tensor([1.0, 2.0, 3.0])


def default():
    """Element 5 of three."""
    return torch.index_select(X, 0, torch.tensor([5]))[0].item()


def matched():
    """With the index clipped."""
    return torch.index_select(X, 0, torch.tensor([5]).clamp(max=2))[0].item()
