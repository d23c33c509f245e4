"""The float wins, whatever its size."""

import torch


def default():
    """The dtype of the sum."""
    total = torch.ones(1, dtype=torch.int32) + torch.ones(1, dtype=torch.float32)
    return str(total.dtype).removeprefix("torch.")


def matched():
    """Nothing to change."""
    return default()
