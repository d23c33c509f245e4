"""`is_causal=True` alone: a mask, or a hint about one

PyTorch's `MultiheadAttention` raises a RuntimeError for it: there it only says of the mask that is
given that it is causal. Its function `scaled_dot_product_attention`, JAX's function and Keras's
layer, with `use_causal_mask=True`, hide the future by themselves.
"""

kind = "difference"
symptoms = """is_causal=True without attn_mask, generate_square_subsequent_mask,
use_causal_mask; attends to future tokens; loss too low"""
matters = """Given with a mask that hides nothing, the hint is believed or not: with
`need_weights=False` the layer hides the future, by default it does not."""
remedy = "Pass the mask to PyTorch's layer, `torch.triu(torch.ones(n, n), 1).bool()`: True hides."
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention.forward, is_causal",
    "torch/nn/functional.py, multi_head_attention_forward, is_causal",
    "keras/src/layers/attention/multi_head_attention.py, use_causal_mask",
    "jax/_src/nn/functions.py, dot_product_attention, is_causal",
]
lessons = []

observed = {"torch": {"raises": "RuntimeError"}, "keras": [1.0, 2.0], "jax": [1.0, 2.0]}
round_off = 1e-6  # float32 by default


def torch():
    """An error."""

    import torch

    KEYS, VALUES = torch.zeros(1, 2, 1), torch.tensor([[[1.0], [3.0]]])

    layer = torch.nn.MultiheadAttention(1, 1, batch_first=True)
    torch.nn.init.ones_(layer.in_proj_weight)
    torch.nn.init.ones_(layer.out_proj.weight)

    def default():
        """Two steps with the values 1 and 3, and equal scores."""
        return layer(KEYS, KEYS, VALUES, is_causal=True)[0].flatten().tolist()

    def matched():
        """With the mask itself."""
        future = torch.triu(torch.ones(2, 2), 1).bool()
        return layer(KEYS, KEYS, VALUES, attn_mask=future)[0].flatten().tolist()

    return default, matched


def keras():
    """A mask, on every backend."""

    import keras
    import numpy as np

    def default():
        """Two steps with the values 1 and 3, and equal scores."""
        keys, values = np.zeros((1, 2, 1), "float32"), np.array([[[1], [3]]], dtype="float32")
        layer = keras.layers.MultiHeadAttention(1, 1, kernel_initializer="ones")
        out = layer(keys, values, key=keys, use_causal_mask=True)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """A mask."""

    import jax
    import jax.numpy as jnp

    def default():
        """Two steps with the values 1 and 3, and equal scores."""
        keys, values = jnp.zeros((1, 2, 1, 1)), jnp.array([1.0, 3.0]).reshape(1, 2, 1, 1)
        return jax.nn.dot_product_attention(keys, keys, values, is_causal=True).ravel().tolist()

    return default, default  # nothing to change
