"""`normalize` divides by max(length, 1e-12)."""

import torch

X = torch.tensor([1e-9, 0.0])


def default():
    """The length of a vector of length 1e-9 after normalisation."""
    return torch.nn.functional.normalize(X, dim=0)[0].item()


def matched():
    """With a floor of 1e-6 under the length."""
    return torch.nn.functional.normalize(X, dim=0, eps=1e-6)[0].item()
