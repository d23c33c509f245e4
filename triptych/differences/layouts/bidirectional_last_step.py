"""The last output of a bidirectional layer

The sequence is 1, 0, 0. At the last step, `output[:, -1]` in PyTorch, the backward direction has
read one number, the last, and its output is 0. Keras's `Bidirectional` returns by default what both
directions have at their own ends, the backward one at the first step: 0.76.
"""

kind = "difference"
symptoms = """nn.LSTM bidirectional output[:, -1], Bidirectional return_sequences=False, last
hidden state h_n, backward direction"""
matters = """Half of the features that a classifier sees are those of a network that has read one
word. It trains, and is a little worse."""
remedy = "In PyTorch take the second result, the final states: `torch.cat([h[0], h[1]], dim=-1)`."
sources = [
    "torch/nn/modules/rnn.py, RNN (outputs, h_n)",
    "keras/src/layers/rnn/bidirectional.py, Bidirectional.call",
]
lessons = []

observed = {"torch": [0.56627, 0.0], "keras": [0.56627, 0.7615942]}
round_off = 1e-6  # the layers compute in float32


def torch():
    """Both directions at the last step."""

    import torch

    layer = torch.nn.RNN(1, 1, bidirectional=True, bias=False, batch_first=True)
    for weight in layer.parameters():
        torch.nn.init.ones_(weight)
    outputs, states = layer(torch.tensor([[[1.0], [0.0], [0.0]]]))

    def default():
        """[forward, backward] at the last step of 1, 0, 0."""
        return outputs[0, -1].tolist()

    def matched():
        """The final states."""
        return torch.cat([states[0], states[1]], dim=-1)[0].tolist()

    return default, matched


def keras():
    """Each direction at its end, on every backend."""

    import keras
    import numpy as np

    def default():
        """[forward, backward] of 1, 0, 0."""
        x = np.array([1, 0, 0], dtype="float32").reshape(1, 3, 1)
        inner = keras.layers.SimpleRNN(1, kernel_initializer="ones", recurrent_initializer="ones")
        return keras.ops.convert_to_numpy(keras.layers.Bidirectional(inner)(x))[0].tolist()

    return default, default  # nothing to change
