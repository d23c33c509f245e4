"""The slope is 1/6."""

import torch


def default():
    """Of 1 and −4."""
    return torch.nn.functional.hardsigmoid(torch.tensor([1.0, -4.0])).tolist()
