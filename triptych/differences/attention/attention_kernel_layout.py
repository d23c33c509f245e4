"""Attention's kernels: stacked in one, or one for each head

For a width of 8 and 2 heads, PyTorch keeps the kernels of queries, keys and values in one
`in_proj_weight` of (24, 8), rows being outputs. Keras and Flax have a kernel for each, of (8, 2,
4): width, heads, size of a head. Their output kernel is (2, 4, 8), PyTorch's (8, 8).
"""

kind = "difference"
symptoms = """in_proj_weight, q_proj k_proj v_proj, query_dense kernel, convert MultiheadAttention
weights to Keras; load attention weights; split heads, flax MultiHeadDotProductAttention query key
value out kernel"""
matters = """The output kernel is square in PyTorch: a reshape without the transposition fits and
computes something else."""
remedy = """`kernel.reshape(width, -1).T` for each of the three, stacked in the order queries, keys,
values; `kernel.reshape(-1, width).T` for the output. Biases only need a reshape."""
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention, in_proj_weight",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention.build",
    "flax/linen/attention.py, MultiHeadDotProductAttention.__call__",
]
lessons = []

observed = {"torch": [24, 8], "keras": [8, 2, 4], "jax": [8, 2, 4]}
round_off = 1e-5  # float32, and outputs of up to 10


def torch():
    """One kernel of (3 · width, width)."""

    import numpy as np
    import torch

    def default():
        """The shape of the kernel of the queries, for a width of 8 and 2 heads."""
        return list(torch.nn.MultiheadAttention(8, 2).in_proj_weight.shape)

    def matched():
        """The last step's output with kernels that were stored as Keras's."""
        draw = np.random.default_rng(0)
        inner = draw.uniform(-1, 1, (3, 4, 2, 2)).astype("float32")
        outer = draw.uniform(-1, 1, (2, 2, 4)).astype("float32")
        x = torch.from_numpy(draw.uniform(-1, 1, (1, 3, 4)).astype("float32"))
        layer = torch.nn.MultiheadAttention(4, 2, batch_first=True)
        stacked = np.concatenate([kernel.reshape(4, 4).T for kernel in inner])
        with torch.no_grad():
            layer.in_proj_weight.copy_(torch.from_numpy(stacked))
            layer.out_proj.weight.copy_(torch.from_numpy(outer.reshape(4, 4).T))
        return layer(x, x, x)[0][0, -1].tolist()

    return default, matched


def keras():
    """Three kernels of (width, heads, size of a head)."""

    import keras
    import numpy as np

    def default():
        """The shape of the kernel of the queries, for a width of 8 and 2 heads."""
        layer = keras.layers.MultiHeadAttention(2, 4)
        layer.build((None, 5, 8), (None, 5, 8))
        return list(layer.get_weights()[0].shape)

    def matched():
        """The last step's output with such kernels."""
        draw = np.random.default_rng(0)
        inner = draw.uniform(-1, 1, (3, 4, 2, 2)).astype("float32")
        outer = draw.uniform(-1, 1, (2, 2, 4)).astype("float32")
        x = draw.uniform(-1, 1, (1, 3, 4)).astype("float32")
        layer = keras.layers.MultiHeadAttention(2, 2)
        layer.build(x.shape, x.shape)
        zeros = np.zeros((2, 2))
        weights = [array for kernel in inner for array in (kernel, zeros)]
        layer.set_weights([*weights, outer, np.zeros(4)])
        return keras.ops.convert_to_numpy(layer(x, x))[0, -1].tolist()

    return default, matched


def jax():
    """Flax: three kernels of (width, heads, size of a head)."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp
    import numpy as np

    def default():
        """The shape of the kernel of the queries, for a width of 8 and 2 heads."""
        layer = nn.MultiHeadDotProductAttention(num_heads=2)
        variables = layer.init(jax.random.key(0), jnp.ones((1, 5, 8)))
        return list(variables["params"]["query"]["kernel"].shape)

    def matched():
        """The last step's output with such kernels."""
        draw = np.random.default_rng(0)
        inner = draw.uniform(-1, 1, (3, 4, 2, 2)).astype("float32")
        outer = draw.uniform(-1, 1, (2, 2, 4)).astype("float32")
        x = draw.uniform(-1, 1, (1, 3, 4)).astype("float32")
        weights = {
            name: {"kernel": jnp.asarray(kernel), "bias": jnp.zeros((2, 2))}
            for name, kernel in zip(("query", "key", "value"), inner, strict=True)
        }
        weights["out"] = {"kernel": jnp.asarray(outer), "bias": jnp.zeros(4)}
        layer = nn.MultiHeadDotProductAttention(num_heads=2)
        return layer.apply({"params": weights}, jnp.asarray(x))[0, -1].tolist()

    return default, matched
