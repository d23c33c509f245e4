"""Four heads of queries and two of keys

JAX's and Keras's attention functions let two neighbouring heads of queries share a head of keys and
values: with the values 1 and 2 the four heads give 1, 1, 2, 2. PyTorch raises a RuntimeError unless
`enable_gqa=True`.
"""

kind = "difference"
symptoms = """grouped query attention, enable_gqa, num_kv_heads, multi-query attention,
GroupedQueryAttention; shape mismatch of heads"""
matters = """Large language models share keys so (grouped-query attention). Where the number of
heads is wrong by mistake, only PyTorch says so."""
remedy = "`enable_gqa=True` in PyTorch, if it was meant; the heads are shared in the same order."
sources = [
    "torch/nn/functional.py, scaled_dot_product_attention, enable_gqa",
    "jax/_src/nn/functions.py, dot_product_attention (grouped query attention)",
    "keras/src/ops/nn.py, dot_product_attention",
]
lessons = []

observed = {
    "torch": {"raises": "RuntimeError"},
    "keras": [1.0, 1.0, 2.0, 2.0],
    "jax": [1.0, 1.0, 2.0, 2.0],
}
round_off = 1e-6  # float32 by default


def torch():
    """An error, unless it is asked for."""

    import torch

    def attend(**options):
        """Four heads of queries, two of keys with the values 1 and 2."""
        queries, keys = torch.zeros(1, 4, 1, 1), torch.zeros(1, 2, 1, 1)
        values = torch.tensor([1.0, 2.0]).reshape(1, 2, 1, 1)
        function = torch.nn.functional.scaled_dot_product_attention
        return function(queries, keys, values, **options).flatten().tolist()

    def default():
        """The four heads."""
        return attend()

    def matched():
        """The four heads, on request."""
        return attend(enable_gqa=True)

    return default, matched


def keras():
    """Shared, on every backend."""

    import keras
    import numpy as np

    def default():
        """The four heads, two of keys with the values 1 and 2."""
        queries, keys = np.zeros((1, 1, 4, 1), "float32"), np.zeros((1, 1, 2, 1), "float32")
        values = np.array([1, 2], dtype="float32").reshape(1, 1, 2, 1)
        out = keras.ops.dot_product_attention(queries, keys, values)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """Shared."""

    import jax
    import jax.numpy as jnp

    def default():
        """The four heads, two of keys with the values 1 and 2."""
        queries, keys = jnp.zeros((1, 1, 4, 1)), jnp.zeros((1, 1, 2, 1))
        values = jnp.array([1.0, 2.0]).reshape(1, 1, 2, 1)
        return jax.nn.dot_product_attention(queries, keys, values).ravel().tolist()

    return default, default  # nothing to change
