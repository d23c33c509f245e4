"""An LSTM's biases: two or one

PyTorch keeps two biases for each gate, one for the input and one for the state, and adds them;
Keras keeps one. For 5 units that is 40 numbers against 20.
"""

kind = "difference"
symptoms = "LSTM bias_ih bias_hh two biases, keras one bias, number of parameters differs"
matters = """The number of parameters of the same layer differs, and a copied bias must go into one
of PyTorch's two. While training, both of PyTorch's get the same gradient, so their sum moves twice
as fast."""
remedy = """Put Keras's bias into `bias_ih_l0` and zeros into `bias_hh_l0`; on the way back, add.
While training, keep `bias_hh_l0` at zero with `requires_grad_(False)`."""
sources = [
    "torch/nn/modules/rnn.py, RNNBase, bias_ih, bias_hh",
    "keras/src/layers/rnn/lstm.py, LSTMCell",
]
lessons = []

observed = {"torch": 40, "keras": 20}


def torch():
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

    return default, matched


def keras():
    """One bias for each gate."""

    import keras

    def default():
        """How many numbers of the bias are trained, for 5 units."""
        lstm = keras.layers.LSTM(5)
        lstm.build((None, None, 3))
        return int(lstm.trainable_weights[2].shape[0])

    return default, default  # nothing to change
