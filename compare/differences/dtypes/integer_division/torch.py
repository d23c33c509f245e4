"""The default float."""

import torch


def default():
    """The dtype of 7 / 2."""
    return str((torch.tensor([7], dtype=torch.int32) / 2).dtype).removeprefix("torch.")


def matched():
    """Nothing to change."""
    return default()
