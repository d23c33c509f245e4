"""`nn.Flatten` goes through (channels, height, width)."""

import torch

# Two channels of 2 × 2 pixels: 1 to 4 and 5 to 8.
IMAGES = torch.arange(1.0, 9.0).reshape(1, 2, 2, 2)


def default():
    """The order of the numbers."""
    return torch.nn.Flatten()(IMAGES)[0].tolist()


def matched():
    """With the channels last."""
    return torch.nn.Flatten()(IMAGES.permute(0, 2, 3, 1))[0].tolist()
