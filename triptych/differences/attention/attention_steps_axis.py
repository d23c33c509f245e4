"""Attention: steps first or rows first

PyTorch's `MultiheadAttention` and its transformer layers take (steps, rows, features) unless
`batch_first=True`; Keras's take (rows, steps, features).
"""

kind = "difference"
symptoms = """nn.MultiheadAttention batch_first=False, sequence first (L, N, E), rows first;
wrong shape or mixed up sequences"""
matters = """Any batch fits both readings. Read the wrong way, each step attends to the same step of
the other rows: nothing fails, and the output depends on the company in the batch."""
remedy = "`batch_first=True` in PyTorch, which is off also in `TransformerEncoderLayer`."
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention, batch_first",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention.call",
]
lessons = [8]

observed = {"torch": 4, "keras": 7}


def torch():
    """Axis 0 is time."""

    import torch

    X = torch.zeros(4, 7, 2)

    def default():
        """Over how many steps a step of a batch of (4, 7, 2) spreads its attention."""
        _, weights = torch.nn.MultiheadAttention(2, 1)(X, X, X)
        return weights.shape[-1]

    def matched():
        """The same with the rows first."""
        _, weights = torch.nn.MultiheadAttention(2, 1, batch_first=True)(X, X, X)
        return weights.shape[-1]

    return default, matched


def keras():
    """Axis 1 is time."""

    import keras
    import numpy as np

    def default():
        """Over how many steps a step of a batch of (4, 7, 2) spreads its attention."""
        x = np.zeros((4, 7, 2), dtype="float32")
        layer = keras.layers.MultiHeadAttention(1, 2)
        _, weights = layer(x, x, return_attention_scores=True)
        return int(weights.shape[-1])

    return default, default  # nothing to change
