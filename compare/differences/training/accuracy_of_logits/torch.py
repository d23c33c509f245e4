"""The sign of a logit is its class."""

import torch


def default():
    """The share of right answers among four logits of 0.3."""
    logits, labels = torch.full((4,), 0.3), torch.ones(4)
    return ((logits > 0).float() == labels).float().mean().item()


def matched():
    """The same."""
    return default()
