"""The running variance is the unbiased one."""

import torch

X = torch.tensor([[1.0], [2.0], [3.0], [4.0]])


def default():
    """The running variance after this batch, when nothing is kept of what was before."""
    layer = torch.nn.BatchNorm1d(1, momentum=1.0)
    layer(X)
    return layer.running_var.item()


def matched():
    """The one over n."""
    return default() * (len(X) - 1) / len(X)
