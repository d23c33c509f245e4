"""`nn.LSTM` draws everything from ±1/√units."""

import torch


def start(lstm):
    """[1 if the recurrent kernel is orthogonal, the mean bias of the forget gate]."""
    kernel = lstm.weight_hh_l0.detach()  # (4·units, units)
    orthogonal = torch.allclose(kernel.T @ kernel, torch.eye(100), atol=1e-4)
    bias = (lstm.bias_ih_l0 + lstm.bias_hh_l0).detach()  # gates in the order i, f, g, o
    return [float(orthogonal), float(bias[100:200].mean())]


def default():
    """A fresh layer of 100 units."""
    torch.manual_seed(0)
    return start(torch.nn.LSTM(1, 100))


def matched():
    """Started as Keras does it."""
    lstm = torch.nn.LSTM(1, 100)
    torch.nn.init.orthogonal_(lstm.weight_hh_l0)
    with torch.no_grad():
        lstm.bias_ih_l0.zero_()
        lstm.bias_hh_l0.zero_()
        lstm.bias_ih_l0[100:200] = 1.0
    return start(lstm)
