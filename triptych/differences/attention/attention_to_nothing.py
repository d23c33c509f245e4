"""Attention where every step is hidden

A row of padding only, with values 1 and 3, comes out as NaN from PyTorch's `MultiheadAttention`, as
0 from its `scaled_dot_product_attention`, and as 2, the mean of what is hidden, from Keras and JAX.
"""

from math import nan

kind = "difference"
symptoms = """fully masked row, all keys masked, nan after masking attention; attention returns
NaN or the mean, softmax over -inf; padding-only sequence"""
matters = """One empty sentence in a batch makes every weight NaN behind PyTorch's layer; in Keras
and JAX it passes on hidden values, without a sign."""
remedy = """Let such a row see everything, then set its output to 0: `mask | ~mask.any(-1,
keepdim=True)`, and a product with `mask.any(-1)`. Hiding the NaN afterwards would not help the
gradient (see sqrt_in_where)."""
sources = [
    "torch/nn/functional.py, multi_head_attention_forward and scaled_dot_product_attention",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, attention_mask",
    "jax/_src/nn/functions.py, _get_large_negative",
]
lessons = []

observed = {"torch": [nan, 0.0], "keras": [2.0, 2.0], "jax": [2.0]}
round_off = 1e-6  # float32 by default


def torch():
    """The layer divides 0 by 0; the function does not."""

    import torch

    QUERY, KEYS, VALUES = torch.zeros(1, 1, 1), torch.zeros(1, 2, 1), torch.tensor([[[1.0], [3.0]]])
    SEEN = torch.tensor([[False, False]])

    layer = torch.nn.MultiheadAttention(1, 1, batch_first=True)
    torch.nn.init.ones_(layer.in_proj_weight)
    torch.nn.init.ones_(layer.out_proj.weight)

    def by_layer(seen):
        """By the layer, in whose mask True hides."""
        return layer(QUERY, KEYS, VALUES, attn_mask=~seen)[0]

    def default():
        """[by the layer, by the function]."""
        function = torch.nn.functional.scaled_dot_product_attention
        return [by_layer(SEEN).item(), function(QUERY, KEYS, VALUES, attn_mask=SEEN).item()]

    def matched():
        """By the layer, which sees everything, and then set to 0."""
        some = SEEN.any(-1, keepdim=True)
        return (by_layer(SEEN | ~some) * some).item()

    return default, matched


def keras():
    """Hidden scores are large and negative, all alike, and so the shares are equal."""

    import keras
    import numpy as np

    QUERY, KEYS = np.zeros((1, 1, 1), dtype="float32"), np.zeros((1, 2, 1), dtype="float32")
    VALUES = np.array([[[1], [3]]], dtype="float32")
    SEEN = np.array([[[False, False]]])

    def by_layer():
        """By the layer."""
        layer = keras.layers.MultiHeadAttention(1, 1, kernel_initializer="ones")
        return float(layer(QUERY, VALUES, key=KEYS, attention_mask=SEEN)[0, 0, 0])

    def default():
        """[by the layer, by the function]."""
        query, keys, values = (x[:, :, None] for x in (QUERY, KEYS, VALUES))  # one head
        out = keras.ops.dot_product_attention(query, keys, values, mask=SEEN[None])
        return [by_layer(), float(out[0, 0, 0, 0])]

    def matched():
        """By the layer, and then set to 0."""
        return by_layer() * bool(SEEN.any())

    return default, matched


def jax():
    """Hidden scores are large and negative, all alike, and so the shares are equal."""

    import jax
    import jax.numpy as jnp

    SEEN = jnp.array([[[[False, False]]]])

    def by_function():
        """By the function."""
        query, keys = jnp.zeros((1, 1, 1, 1)), jnp.zeros((1, 2, 1, 1))
        values = jnp.array([1.0, 3.0]).reshape(1, 2, 1, 1)
        return jax.nn.dot_product_attention(query, keys, values, mask=SEEN).item()

    def default():
        """[by the function]."""
        return [by_function()]

    def matched():
        """By the function, and then set to 0."""
        return by_function() * bool(SEEN.any())

    return default, matched
