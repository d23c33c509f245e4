"""a = −0.75, but −0.5 with antialias."""

import torch

ROW = torch.arange(8.0).square().reshape(1, 1, 1, 8)


def enlarged(**options):
    """Four of 16 numbers, from the squares of 0 to 7."""
    row = torch.nn.functional.interpolate(ROW, size=(1, 16), mode="bicubic", **options)
    return row.flatten()[6:10].tolist()


def default():
    """As it comes."""
    return enlarged()


def matched():
    """With the other kernel."""
    return enlarged(antialias=True)
