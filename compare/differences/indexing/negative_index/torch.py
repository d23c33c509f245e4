"""An error."""

import torch

X = torch.tensor([1.0, 2.0, 3.0])


def default():
    """Element −1 of three."""
    return torch.index_select(X, 0, torch.tensor([-1]))[0].item()


def matched():
    """With the index wrapped round."""
    return torch.index_select(X, 0, torch.tensor([-1]) % 3)[0].item()
