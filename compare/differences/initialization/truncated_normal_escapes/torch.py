"""`trunc_normal_` maps uniform draws through the inverse of the distribution: none escapes."""

import torch


def default():
    """Whether any of a million draws lies beyond two standard deviations."""
    torch.manual_seed(0)
    return bool((torch.nn.init.trunc_normal_(torch.empty(1_000_000)).abs() > 2).any())


def matched():
    """Nothing to change."""
    return default()
