"""`nn.Linear` looks at the number of inputs only: ±1/√n_in."""

import numpy as np
import torch


def default():
    """The largest of 80,000 weights of a fresh layer, which is all but the bound."""
    torch.manual_seed(0)
    return float(torch.nn.Linear(400, 200).weight.detach().abs().max())


def matched():
    """What a layer makes of a row of ones, with a kernel that NumPy drew."""
    kernel = np.random.default_rng(0).uniform(-0.1, 0.1, (4, 3))
    layer = torch.nn.Linear(4, 3)
    with torch.no_grad():
        layer.weight.copy_(torch.from_numpy(kernel.T))
        layer.bias.zero_()
    return layer(torch.ones(1, 4)).tolist()
