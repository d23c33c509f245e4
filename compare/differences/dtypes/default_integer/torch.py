"""64 bits."""

import torch


def default():
    """The dtype of [1, 2]."""
    return str(torch.tensor([1, 2]).dtype).removeprefix("torch.")


def matched():
    """When asked for."""
    return str(torch.tensor([1, 2], dtype=torch.int32).dtype).removeprefix("torch.")
