"""By rows: "ij"."""

import warnings

import torch


def default():
    """The shape for 2 and 3 coordinates."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(torch.meshgrid(torch.zeros(2), torch.zeros(3))[0].shape)


def matched():
    """By rows, without the warning."""
    return list(torch.meshgrid(torch.zeros(2), torch.zeros(3), indexing="ij")[0].shape)
