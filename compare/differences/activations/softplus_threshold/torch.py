"""`softplus` is the identity above its threshold, 20."""

import torch

X = torch.tensor(20.5, dtype=torch.float64)


def default():
    """How much more than 20.5 it is at 20.5."""
    return (torch.nn.functional.softplus(X) - X).item()


def matched():
    """With the threshold at 40."""
    return (torch.nn.functional.softplus(X, threshold=40) - X).item()
