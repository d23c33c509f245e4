"""α is 1."""

import torch


def default():
    """[ELU, SELU] of −1."""
    x = torch.tensor(-1.0)
    return [torch.nn.functional.elu(x).item(), torch.nn.functional.selu(x).item()]
