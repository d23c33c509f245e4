"""One unit whose four kernels are known."""

import torch


def default():
    """The output after the inputs 1, 2, 3."""
    lstm = torch.nn.LSTM(1, 1)
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(torch.tensor([[0.1], [0.2], [0.3], [0.4]]))
        lstm.weight_hh_l0.copy_(torch.tensor([[0.5], [0.6], [0.7], [0.8]]))
        lstm.bias_ih_l0.copy_(torch.tensor([0.4, 0.3, 0.2, 0.1]))
        lstm.bias_hh_l0.zero_()
        output, _ = lstm(torch.tensor([[[1.0]], [[2.0]], [[3.0]]]))  # (steps, rows, 1)
    return output[-1].item()
