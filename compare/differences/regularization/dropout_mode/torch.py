"""A PyTorch module begins in training mode."""

import torch


def default():
    """Whether a fresh layer drops any of 100 ones."""
    torch.manual_seed(0)
    layer = torch.nn.Dropout(0.5)
    return bool((layer(torch.ones(100)) == 0).any())


def matched():
    """The same, in evaluation mode."""
    layer = torch.nn.Dropout(0.5).eval()
    return bool((layer(torch.ones(100)) == 0).any())
