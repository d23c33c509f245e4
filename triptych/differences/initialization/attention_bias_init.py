"""Attention's biases start at zero

PyTorch draws the biases of its dense layers (see dense_bias_init), but sets those of a
`MultiheadAttention` to 0, those of its last dense layer too. In Keras all biases start at 0.
"""

kind = "agreement"
symptoms = "MultiheadAttention bias initial value"
matters = """Of the initial weights of a transformer these need no attention, while its kernels (see
attention_kernel_init) and the biases of its dense layers differ."""
remedy = "None is needed."
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention._reset_parameters",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, bias_initializer",
]
lessons = []

observed = {"torch": [0.0, 0.0, 0.0, 0.0], "keras": [0.0, 0.0, 0.0, 0.0]}


def torch():
    """All 0."""

    import torch

    def default():
        """The largest bias of queries, keys, values and outputs."""
        layer = torch.nn.MultiheadAttention(8, 2)
        biases = [*layer.in_proj_bias.chunk(3), layer.out_proj.bias]
        return [bias.detach().abs().max().item() for bias in biases]

    return default


def keras():
    """All 0, on every backend."""

    import keras
    import numpy as np

    def default():
        """The largest bias of queries, keys, values and outputs."""
        layer = keras.layers.MultiHeadAttention(2, 4)
        layer.build((None, 3, 8), (None, 3, 8))
        return [float(np.abs(bias).max()) for bias in layer.get_weights()[1::2]]

    return default
