"""As written."""

import torch


def default():
    """What a single 1 becomes by the kernel 1, 2, 3."""
    kernel = torch.tensor([[[1.0, 2.0, 3.0]]])
    return torch.nn.functional.conv_transpose1d(torch.ones(1, 1, 1), kernel).flatten().tolist()


def matched():
    """Nothing to change."""
    return default()
