"""`nn.Linear` keeps (outputs, inputs)."""

import numpy as np
import torch


def default():
    """The kernel's shape for 3 inputs and 2 outputs."""
    return list(torch.nn.Linear(3, 2).weight.shape)


def matched():
    """(1, 1, 1) through the kernel 0 … 5, stored as (inputs, outputs) and turned."""
    layer = torch.nn.Linear(3, 2, bias=False)
    kernel = np.arange(6, dtype="float32").reshape(3, 2)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(kernel.T))
    return layer(torch.ones(1, 3)).tolist()
