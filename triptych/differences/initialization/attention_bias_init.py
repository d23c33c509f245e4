"""Attention's biases start at zero

PyTorch draws the biases of its dense layers (see dense_bias_init), but sets those of a
`MultiheadAttention` to 0, those of its last dense layer too. In Keras and Flax all biases start at
0, and attention has them by default in all three.
"""

kind = "agreement"
symptoms = "MultiheadAttention bias initial value, flax MultiHeadDotProductAttention use_bias"
matters = """Of the initial weights of a transformer these need no attention, while its kernels (see
attention_kernel_init) and the biases of its dense layers differ."""
remedy = "None is needed."
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention._reset_parameters",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, bias_initializer",
    "flax/linen/attention.py, MultiHeadDotProductAttention, bias_init",
]
lessons = []

observed = {
    "torch": [0.0, 0.0, 0.0, 0.0],
    "keras": [0.0, 0.0, 0.0, 0.0],
    "jax": [0.0, 0.0, 0.0, 0.0],
}


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


def jax():
    """All 0; Flax's layer has biases unless `use_bias=False`."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The largest bias of queries, keys, values and outputs."""
        layer = nn.MultiHeadDotProductAttention(num_heads=2)
        weights = layer.init(jax.random.key(0), jnp.ones((1, 3, 8)))["params"]
        names = ("query", "key", "value", "out")
        return [float(jnp.abs(weights[name]["bias"]).max()) for name in names]

    return default
