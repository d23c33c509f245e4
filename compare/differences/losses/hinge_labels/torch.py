"""The formula, in PyTorch."""

import torch


def default():
    """The loss of score −0.5 and label 0."""
    return hinge(y=0.0)


def matched():
    """The same with the label −1."""
    return hinge(y=-1.0)


def hinge(y):
    return torch.clamp(1 - y * torch.tensor(-0.5), min=0).item()
