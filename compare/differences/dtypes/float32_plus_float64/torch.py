"""The wider one."""

import torch

SINGLE, DOUBLE = torch.ones(1), torch.ones(1, dtype=torch.float64)


def default():
    """The dtype of the sum."""
    return str((SINGLE + DOUBLE).dtype).removeprefix("torch.")


def matched():
    """With the double cast."""
    return str((SINGLE + DOUBLE.float()).dtype).removeprefix("torch.")
