"""The gates of an LSTM come in the same order

PyTorch (i, f, g, o) and Keras (i, f, c, o) store input gate, forget gate, candidate and output gate
in the same order: kernels need a transpose, no reshuffling. TensorFlow 1 had another order (i, c,
f, o), which is the origin of this advice.
"""

kind = "agreement"
symptoms = "LSTM gate order i f g o, ifco, convert LSTM weights, weight_ih_l0"
matters = "Many converters reshuffle the gates; between today's two frameworks that is a mistake."
remedy = """None is needed: `weight_ih_l0.T` is Keras's kernel, `weight_hh_l0.T` its recurrent
kernel."""
sources = [
    "torch/nn/modules/rnn.py, LSTM",
    "keras/src/layers/rnn/lstm.py, LSTMCell",
]
lessons = []

observed = {"numpy": 0.6871002, "torch": 0.6871002, "keras": 0.6871002}
round_off = 1e-6  # the layers compute in float32


def numpy():
    """The definition, with blocks in the order input, forget, candidate, output."""

    import numpy as np

    X, H, B = [0.1, 0.2, 0.3, 0.4], [0.5, 0.6, 0.7, 0.8], [0.4, 0.3, 0.2, 0.1]

    def default():
        """The output after the inputs 1, 2, 3."""
        h = c = 0.0
        for x in (1.0, 2.0, 3.0):
            z = x * np.array(X) + h * np.array(H) + np.array(B)
            i, f, _, o = 1 / (1 + np.exp(-z))
            c = f * c + i * np.tanh(z[2])
            h = o * np.tanh(c)
        return float(h)

    return default


def torch():
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

    return default


def keras():
    """One unit whose four kernels are known."""

    import keras
    import numpy as np

    def default():
        """The output after the inputs 1, 2, 3."""
        lstm = keras.layers.LSTM(1)
        lstm.build((None, 3, 1))
        kernel, recurrent = np.array([[0.1, 0.2, 0.3, 0.4]]), np.array([[0.5, 0.6, 0.7, 0.8]])
        lstm.set_weights([kernel, recurrent, np.array([0.4, 0.3, 0.2, 0.1])])
        output = lstm(np.array([[[1.0], [2.0], [3.0]]], dtype="float32"))  # (rows, steps, 1)
        return keras.ops.convert_to_numpy(output).item()

    return default
