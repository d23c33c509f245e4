"""Sequences: steps first or rows first

PyTorch's recurrent layers take (steps, rows, features) unless `batch_first=True`; Keras takes
(rows, steps, features).
"""

kind = "difference"
symptoms = "batch_first, time_major, sequence first, LSTM input shape (seq, batch, feature)"
matters = """Any batch fits both readings. A batch of 4 sequences of 7 steps is then read as 7
sequences of 4, trains, and learns little."""
remedy = "`batch_first=True` in PyTorch, which concerns inputs and outputs but not the state."
sources = [
    "torch/nn/modules/rnn.py, RNNBase, batch_first",
    "keras/src/layers/rnn/rnn.py, RNN",
]
lessons = []

observed = {"torch": 7, "keras": 4}


def torch():
    """Axis 0 is time."""

    import torch

    def default():
        """The number of sequences that an LSTM reads from (4, 7, 1)."""
        _, (state, _) = torch.nn.LSTM(1, 2)(torch.zeros(4, 7, 1))
        return state.shape[1]

    def matched():
        """The same with the rows first."""
        _, (state, _) = torch.nn.LSTM(1, 2, batch_first=True)(torch.zeros(4, 7, 1))
        return state.shape[1]

    return default, matched


def keras():
    """Axis 1 is time."""

    import keras
    import numpy as np

    def default():
        """The number of sequences that an LSTM reads from (4, 7, 1)."""
        return int(keras.layers.LSTM(2)(np.zeros((4, 7, 1), dtype="float32")).shape[0])

    return default, default  # nothing to change
