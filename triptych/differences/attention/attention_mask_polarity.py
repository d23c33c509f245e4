"""A mask of attention: True for what is hidden, or for what is seen

In PyTorch's `MultiheadAttention` and transformer layers, True hides a step; in PyTorch's own
function `scaled_dot_product_attention`, in Keras and in JAX, True lets it be seen. With values 1
and 3 and a mask of True, False, the layer gives 3, all others 1.
"""

kind = "difference"
symptoms = """attn_mask True means hidden, key_padding_mask inverted, attention_mask,
scaled_dot_product_attention mask boolean; loss too low, attends to the future; attends to
padding"""
matters = """The wrong way round, a model attends to the padding, or to the future it has to
predict. With a causal mask the loss even gets very good."""
remedy = """`~mask` for the layers of PyTorch, for `key_padding_mask` as well as for `attn_mask`. A
mask of floats, 0 and −∞, is added and means the same in the layer and the function."""
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention.forward, attn_mask",
    "torch/nn/functional.py, scaled_dot_product_attention, attn_mask",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, attention_mask",
    "jax/_src/nn/functions.py, dot_product_attention, mask",
]
lessons = [8]

observed = {"torch": [3.0, 1.0], "keras": [1.0, 1.0], "jax": [1.0]}
round_off = 1e-6  # float32 by default


def torch():
    """True hides in the layer, and shows in the function."""

    import torch

    QUERY, KEYS, VALUES = torch.zeros(1, 1, 1), torch.zeros(1, 2, 1), torch.tensor([[[1.0], [3.0]]])
    MASK = torch.tensor([[True, False]])

    layer = torch.nn.MultiheadAttention(1, 1, batch_first=True)
    torch.nn.init.ones_(layer.in_proj_weight)
    torch.nn.init.ones_(layer.out_proj.weight)

    def default():
        """[by the layer, by the function]."""
        by_layer, _ = layer(QUERY, KEYS, VALUES, attn_mask=MASK)
        function = torch.nn.functional.scaled_dot_product_attention
        return [by_layer.item(), function(QUERY, KEYS, VALUES, attn_mask=MASK).item()]

    def matched():
        """By the layer, with the mask inverted."""
        return layer(QUERY, KEYS, VALUES, attn_mask=~MASK)[0].item()

    return default, matched


def keras():
    """True shows, in the layer and in the function, on every backend."""

    import keras
    import numpy as np

    QUERY, KEYS = np.zeros((1, 1, 1), dtype="float32"), np.zeros((1, 2, 1), dtype="float32")
    VALUES = np.array([[[1], [3]]], dtype="float32")
    MASK = np.array([[[True, False]]])

    def matched():
        """By the layer."""
        layer = keras.layers.MultiHeadAttention(1, 1, kernel_initializer="ones")
        return float(layer(QUERY, VALUES, key=KEYS, attention_mask=MASK)[0, 0, 0])

    def default():
        """[by the layer, by the function]."""
        query, keys, values = (x[:, :, None] for x in (QUERY, KEYS, VALUES))  # one head
        out = keras.ops.dot_product_attention(query, keys, values, mask=MASK[None])
        return [matched(), float(out[0, 0, 0, 0])]

    return default, matched


def jax():
    """True shows."""

    import jax
    import jax.numpy as jnp

    def matched():
        """By the function."""
        query, keys = jnp.zeros((1, 1, 1, 1)), jnp.zeros((1, 2, 1, 1))
        values = jnp.array([1.0, 3.0]).reshape(1, 2, 1, 1)
        mask = jnp.array([[[[True, False]]]])
        return jax.nn.dot_product_attention(query, keys, values, mask=mask).item()

    def default():
        """[by the function]."""
        return [matched()]

    return default, matched
