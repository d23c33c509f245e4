"""(4 − 1)·2 − 2·padding + 3."""

import torch


def default():
    """How many numbers come of 4, with padding 1."""
    layer = torch.nn.ConvTranspose1d(1, 1, 3, stride=2, padding=1)
    return layer(torch.ones(1, 1, 4)).shape[-1]


def matched():
    """1, 2, 3, 4 through the kernel 1, 10, 100, cut at the end."""
    x, kernel = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.tensor([[[1.0, 10.0, 100.0]]])
    return torch.nn.functional.conv_transpose1d(x, kernel, stride=2).flatten()[:8].tolist()
