"""`from_numpy` shares."""

import numpy as np
import torch


def default():
    """What a tensor of zeros holds after the array became 9."""
    array = np.zeros(1, dtype="float32")
    tensor = torch.from_numpy(array)
    array[0] = 9.0
    return tensor[0].item()


def matched():
    """The same with a copy."""
    array = np.zeros(1, dtype="float32")
    tensor = torch.tensor(array)
    array[0] = 9.0
    return tensor[0].item()
