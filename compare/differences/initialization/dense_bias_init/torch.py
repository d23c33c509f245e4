"""`nn.Linear` draws its bias as it draws its kernel."""

import torch


def default():
    """The largest bias of a fresh layer of 4 inputs: all but 1/√4."""
    torch.manual_seed(0)
    return float(torch.nn.Linear(4, 1000).bias.detach().abs().max())


def matched():
    """The same after it was set to zero."""
    layer = torch.nn.Linear(4, 1000)
    torch.nn.init.zeros_(layer.bias)
    return float(layer.bias.detach().abs().max())
