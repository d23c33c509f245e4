"""An LSTM's initial weights: orthogonal with an open forget gate, or uniform

Keras draws the recurrent kernel orthogonal and starts the forget gate's bias at 1, so that a fresh
LSTM remembers. PyTorch draws all weights and biases uniformly from ±1/√units, so its forget gate
starts half open.
"""

kind = "difference"
symptoms = """nn.LSTM initial weights, orthogonal recurrent_initializer, unit_forget_bias,
forget gate bias 1; LSTM learns slower in PyTorch"""
matters = """On long sequences the start decides whether anything is learnt from the distant past,
and the same architecture seems better in one framework."""
remedy = """`torch.nn.init.orthogonal_(lstm.weight_hh_l0)` and a bias of 1 in the second quarter of
`lstm.bias_ih_l0`, the rest 0; or copy all weights."""
sources = [
    "torch/nn/modules/rnn.py, RNNBase.reset_parameters",
    "keras/src/layers/rnn/lstm.py, LSTMCell, unit_forget_bias, recurrent_initializer",
]
lessons = []

observed = {"torch": [0.0, -0.001361758], "keras": [1.0, 1.0]}
tolerance = (
    0.05  # PyTorch's biases are drawn: the mean of 100 sums has a standard deviation of 0.008
)
round_off = 1e-6  # a product of matrices in float32


def torch():
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
        """Initialized as in Keras."""
        lstm = torch.nn.LSTM(1, 100)
        torch.nn.init.orthogonal_(lstm.weight_hh_l0)
        with torch.no_grad():
            lstm.bias_ih_l0.zero_()
            lstm.bias_hh_l0.zero_()
            lstm.bias_ih_l0[100:200] = 1.0
        return start(lstm)

    return default, matched


def keras():
    """`LSTM` draws an orthogonal recurrent kernel, and the forget gate starts open."""

    import keras
    import numpy as np

    def default():
        """[1 if the recurrent kernel is orthogonal, the mean bias of the forget gate]."""
        keras.utils.set_random_seed(0)
        lstm = keras.layers.LSTM(100)
        lstm.build((None, 5, 1))
        _, kernel, bias = lstm.get_weights()  # (units, 4·units); gates in the order i, f, g, o
        orthogonal = np.allclose(kernel @ kernel.T, np.eye(100), atol=1e-4)
        return [float(orthogonal), float(bias[100:200].mean())]

    return default, default  # nothing to change
