"""Axis 0 is time."""

import torch


def default():
    """How many sequences an LSTM sees in a (4, 7, 1)."""
    _, (state, _) = torch.nn.LSTM(1, 2)(torch.zeros(4, 7, 1))
    return state.shape[1]


def matched():
    """The same with the rows first."""
    _, (state, _) = torch.nn.LSTM(1, 2, batch_first=True)(torch.zeros(4, 7, 1))
    return state.shape[1]
