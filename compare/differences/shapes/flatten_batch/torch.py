"""`torch.flatten` flattens everything, `nn.Flatten` all but the first axis."""

import torch

X = torch.zeros(2, 3, 4)


def default():
    """The shape of a flattened (2, 3, 4)."""
    return list(torch.flatten(X).shape)


def matched():
    """Row by row."""
    return list(torch.flatten(X, start_dim=1).shape)
