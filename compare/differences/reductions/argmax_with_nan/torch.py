"""NaN is taken for the largest."""

import torch

X = torch.tensor([1.0, torch.nan, 3.0])


def default():
    """Where the maximum of 1, NaN, 3 is."""
    return X.argmax().item()


def matched():
    """With NaN as the smallest."""
    return torch.where(X.isnan(), -torch.inf, X).argmax().item()
