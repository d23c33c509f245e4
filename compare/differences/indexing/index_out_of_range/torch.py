"""An error."""

import torch

X = torch.tensor([1.0, 2.0, 3.0])


def default():
    """Element 5 of three."""
    return X[5].item()


def matched():
    """With the index moved by hand."""
    return X[min(5, len(X) - 1)].item()
