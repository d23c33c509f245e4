"""`nn.Conv2d` looks at the inputs of a window only."""

import torch


def bound(layer):
    """The largest weight, which is all but the bound."""
    return float(layer.weight.detach().abs().max())


def default():
    """The bound of a fresh layer: 1/√(9·16)."""
    torch.manual_seed(0)
    return bound(torch.nn.Conv2d(16, 32, 3))


def matched():
    """The bound after the kernel has been drawn by Glorot's rule, to three decimals."""
    torch.manual_seed(0)
    layer = torch.nn.Conv2d(16, 32, 3)
    torch.nn.init.xavier_uniform_(layer.weight)
    return round(bound(layer), 3)
