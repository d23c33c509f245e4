"""An index type."""

import torch


def default():
    """The dtype of class 1 of 3."""
    row = torch.nn.functional.one_hot(torch.tensor(1), 3)
    return str(row.dtype).removeprefix("torch.")


def matched():
    """After a cast."""
    row = torch.nn.functional.one_hot(torch.tensor(1), 3).float()
    return str(row.dtype).removeprefix("torch.")
