"""An error."""

import torch


def default():
    """Class 3 of 3."""
    return torch.nn.functional.one_hot(torch.tensor(3), 3).tolist()


def matched():
    """The comparison that the others make."""
    return (torch.tensor(3) == torch.arange(3)).float().tolist()
