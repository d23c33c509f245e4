"""The dtype is kept."""

import numpy as np
import torch


def default():
    """0.1 after it was a tensor."""
    return torch.from_numpy(np.array([0.1]))[0].item()


def matched():
    """Nothing to change."""
    return default()
