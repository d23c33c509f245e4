"""A PyTorch loop measures where it is told to: here at the end."""

import torch
from torch.utils.data import DataLoader


def default():
    """The loss of an epoch."""
    w = torch.zeros(1, requires_grad=True)
    optimizer, labels = torch.optim.SGD([w], lr=0.25), torch.ones(4)
    for label in DataLoader(labels):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(w, label).backward()
        optimizer.step()
    return torch.nn.functional.mse_loss(w.expand(4), labels).item()


def matched():
    """The same."""
    return default()
