"""PyTorch stops the logarithm at −100."""

import torch


def default():
    """The loss of probability 0 where the truth is 1."""
    return torch.nn.BCELoss()(torch.zeros(1), torch.ones(1)).item()


def matched():
    """The loss of logit −20."""
    return torch.nn.BCEWithLogitsLoss()(torch.tensor([-20.0]), torch.ones(1)).item()
