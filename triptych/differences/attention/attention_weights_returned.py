"""The weights of attention: averaged over the heads, or each head's

PyTorch's `MultiheadAttention` returns its output and the weights, averaged over the heads. Keras's
returns the output alone, and with `return_attention_scores=True` the weights of each head.
"""

kind = "difference"
symptoms = """need_weights average_attn_weights, return_attention_scores; attention map averaged
over heads, attention weights shape"""
matters = """A picture of what a model attends to shows one blurred map from PyTorch, and the heads
from Keras. And `y = layer(x, x, x)` is a pair in PyTorch."""
remedy = """`average_attn_weights=False` in PyTorch; `need_weights=False` where they are not used,
which is also faster."""
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention.forward, average_attn_weights",
    "keras/src/layers/attention/multi_head_attention.py, return_attention_scores",
]
lessons = []

observed = {"torch": [3, 5, 7], "keras": [3, 2, 5, 7]}


def torch():
    """One map for each row."""

    import torch

    QUERIES, KEYS = torch.zeros(3, 5, 4), torch.zeros(3, 7, 4)

    layer = torch.nn.MultiheadAttention(4, 2, batch_first=True)

    def default():
        """The shape of the weights of 2 heads, for 3 rows of 5 queries and 7 keys."""
        return list(layer(QUERIES, KEYS, KEYS)[1].shape)

    def matched():
        """Without averaging."""
        return list(layer(QUERIES, KEYS, KEYS, average_attn_weights=False)[1].shape)

    return default, matched


def keras():
    """A map for each head."""

    import keras
    import numpy as np

    def default():
        """The shape of the weights of 2 heads, for 3 rows of 5 queries and 7 keys."""
        queries, keys = np.zeros((3, 5, 4), dtype="float32"), np.zeros((3, 7, 4), dtype="float32")
        layer = keras.layers.MultiHeadAttention(2, 2)
        return list(layer(queries, keys, return_attention_scores=True)[1].shape)

    return default, default  # nothing to change
