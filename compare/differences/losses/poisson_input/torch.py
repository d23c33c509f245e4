"""PyTorch: exp(z) − y·z."""

import torch


def default():
    """The loss of prediction 2 and count 3."""
    return torch.nn.PoissonNLLLoss()(torch.tensor([2.0]), torch.tensor([3.0])).item()


def matched():
    """The same, for a rate."""
    loss = torch.nn.PoissonNLLLoss(log_input=False)
    return loss(torch.tensor([2.0]), torch.tensor([3.0])).item()
