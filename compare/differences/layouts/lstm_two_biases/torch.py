"""`bias_ih` and `bias_hh`, as in cuDNN."""

import torch


def trainable(lstm):
    """How many numbers of the biases are trained."""
    return sum(p.numel() for n, p in lstm.named_parameters() if "bias" in n and p.requires_grad)


def default():
    """For 5 units."""
    return trainable(torch.nn.LSTM(3, 5))


def matched():
    """With the second bias held at zero."""
    lstm = torch.nn.LSTM(3, 5)
    torch.nn.init.zeros_(lstm.bias_hh_l0).requires_grad_(False)
    return trainable(lstm)
