"""PyTorch broadcasts, with a warning."""

import torch

Z, Y = torch.tensor([[1.0], [2.0], [3.0]]), torch.tensor([1.0, 2.0, 3.0])


def default():
    """The mean squared error of predictions that are right."""
    return torch.nn.MSELoss()(Z, Y).item()


def matched():
    """The same, with equal shapes."""
    return torch.nn.MSELoss()(Z, Y[:, None]).item()
