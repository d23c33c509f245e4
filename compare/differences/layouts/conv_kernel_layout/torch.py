"""`nn.Conv2d` stores (outputs, inputs, height, width)."""

import numpy as np
import torch


def default():
    """The kernel's shape for 2 channels in, 4 out and a window of 2 × 3."""
    return list(torch.nn.Conv2d(2, 4, (2, 3)).weight.shape)


def matched():
    """A small image through a kernel that was stored as (height, width, inputs, outputs)."""
    image = (torch.arange(18.0) % 5).reshape(1, 2, 3, 3)
    kernel = (np.arange(48, dtype="float32") % 7).reshape(2, 3, 2, 4)
    out = torch.nn.functional.conv2d(image, torch.from_numpy(kernel.transpose(3, 2, 0, 1)))
    return out.permute(0, 2, 3, 1).flatten().tolist()
