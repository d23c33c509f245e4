"""A causal mask for fewer queries than keys starts at the first key

Of 2 queries and 4 keys, the first query sees the first key and the second query two, in PyTorch,
Keras and JAX: the mask is aligned at the start. FlashAttention aligns it at the end.
"""

kind = "agreement"
symptoms = """is_causal with a key-value cache, fewer queries than keys, upper left or lower
right causal mask"""
matters = """When text is generated with a cache of keys, the queries are the last steps, not the
first. `is_causal=True` then hides almost everything, without an error."""
remedy = """None is needed between these frameworks. With a cache, pass a mask: query i of n sees
the keys up to i + (keys − n); a single query sees all and needs no mask."""
sources = [
    "torch/nn/functional.py, scaled_dot_product_attention, is_causal",
    "keras/src/ops/nn.py, dot_product_attention, is_causal",
    "jax/_src/nn/functions.py, _get_causal_mask",
    "https://github.com/Dao-AILab/flash-attention (changes in 2.1)",
]
lessons = []

observed = {"torch": [1.0, 1.5], "keras": [1.0, 1.5], "jax": [1.0, 1.5]}
round_off = 1e-6  # float32 by default


def torch():
    """Aligned at the start."""

    import torch

    def default():
        """Of 2 queries and 4 values 1, 2, 3, 4, with equal scores."""
        queries, keys = torch.zeros(1, 2, 1), torch.zeros(1, 4, 1)
        values = torch.arange(1.0, 5.0).reshape(1, 4, 1)
        function = torch.nn.functional.scaled_dot_product_attention
        return function(queries, keys, values, is_causal=True).flatten().tolist()

    return default


def keras():
    """Aligned at the start, on every backend."""

    import keras
    import numpy as np

    def default():
        """Of 2 queries and 4 values 1, 2, 3, 4, with equal scores."""
        queries, keys = np.zeros((1, 2, 1, 1), "float32"), np.zeros((1, 4, 1, 1), "float32")
        values = np.arange(1, 5, dtype="float32").reshape(1, 4, 1, 1)
        out = keras.ops.dot_product_attention(queries, keys, values, is_causal=True)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default


def jax():
    """Aligned at the start."""

    import jax
    import jax.numpy as jnp

    def default():
        """Of 2 queries and 4 values 1, 2, 3, 4, with equal scores."""
        queries, keys = jnp.zeros((1, 2, 1, 1)), jnp.zeros((1, 4, 1, 1))
        values = jnp.arange(1.0, 5.0).reshape(1, 4, 1, 1)
        return jax.nn.dot_product_attention(queries, keys, values, is_causal=True).ravel().tolist()

    return default
