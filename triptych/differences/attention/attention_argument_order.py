"""Attention: query, key, value, or query, value, key

PyTorch's layer and function, JAX's function and `keras.ops.dot_product_attention` take the key
before the value. Keras's layers take the value first, `MultiHeadAttention(…)(query, value, key)`.
With keys of 0 and values of 1 and 3, PyTorch's order gives 2 everywhere but there, where it gives
0.
"""

kind = "difference"
symptoms = """keras MultiHeadAttention call(query, value, key), nn.MultiheadAttention(query,
key, value), scaled_dot_product_attention order of arguments"""
matters = """Keys and values have the same shape, so nothing fails; and where both are the same
array, as in self-attention, the order does not show. It does in a decoder that tells them apart."""
remedy = (
    "Name them, `layer(query, value=value, key=key)`; Keras's key is the value if it is left out."
)
sources = [
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention.call",
    "torch/nn/modules/activation.py, MultiheadAttention.forward",
    "jax/_src/nn/functions.py, dot_product_attention",
]
lessons = []

observed = {"torch": [2.0, 2.0], "keras": [0.0, 2.0], "jax": [2.0]}
round_off = 1e-6  # float32 by default


def torch():
    """The key first, in the layer and in the function."""

    import torch

    QUERY, KEYS, VALUES = torch.zeros(1, 1, 1), torch.zeros(1, 2, 1), torch.tensor([[[1.0], [3.0]]])

    layer = torch.nn.MultiheadAttention(1, 1, batch_first=True)
    torch.nn.init.ones_(layer.in_proj_weight)
    torch.nn.init.ones_(layer.out_proj.weight)

    def default():
        """[by the layer, by the function], in the order query, keys, values."""
        function = torch.nn.functional.scaled_dot_product_attention
        return [layer(QUERY, KEYS, VALUES)[0].item(), function(QUERY, KEYS, VALUES).item()]

    def matched():
        """By the layer, by name."""
        return layer(query=QUERY, key=KEYS, value=VALUES)[0].item()

    return default, matched


def keras():
    """The value first in the layer, the key first in the function, on every backend."""

    import keras
    import numpy as np

    QUERY, KEYS = np.zeros((1, 1, 1), dtype="float32"), np.zeros((1, 2, 1), dtype="float32")
    VALUES = np.array([[[1], [3]]], dtype="float32")

    layer = keras.layers.MultiHeadAttention(1, 1, kernel_initializer="ones")

    def default():
        """[by the layer, by the function], in the order query, keys, values."""
        heads = (x[:, :, None] for x in (QUERY, KEYS, VALUES))  # one head
        by_function = keras.ops.dot_product_attention(*heads)
        return [float(layer(QUERY, KEYS, VALUES)[0, 0, 0]), float(by_function[0, 0, 0, 0])]

    def matched():
        """By the layer, by name."""
        return float(layer(query=QUERY, key=KEYS, value=VALUES)[0, 0, 0])

    return default, matched


def jax():
    """The key first."""

    import jax
    import jax.numpy as jnp

    QUERY, KEYS = jnp.zeros((1, 1, 1, 1)), jnp.zeros((1, 2, 1, 1))
    VALUES = jnp.array([1.0, 3.0]).reshape(1, 2, 1, 1)

    def default():
        """[by the function], in the order query, keys, values."""
        return [jax.nn.dot_product_attention(QUERY, KEYS, VALUES).item()]

    def matched():
        """By name."""
        return jax.nn.dot_product_attention(query=QUERY, key=KEYS, value=VALUES).item()

    return default, matched
