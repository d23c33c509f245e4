"""The size of an attention head: stated, or a share of the width

For a width of 8 and 2 heads, PyTorch's `MultiheadAttention(8, 2)` and Flax's
`MultiHeadDotProductAttention(2)` make heads of 4. Keras takes the size of one head, `key_dim`:
`MultiHeadAttention(2, 8)` makes heads of 8, and 568 parameters where the others have 288. Flax's
`qkv_features` is the width of all heads together.
"""

kind = "difference"
symptoms = """embed_dim num_heads, key_dim, head size; MultiHeadAttention has more parameters in
Keras than in PyTorch, flax qkv_features"""
matters = """Both numbers of a published model, heads and width, fit into Keras's arguments, and the
layer's output has the right shape, with a multiple of the parameters inside."""
remedy = "`key_dim=width // heads`."
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention, embed_dim",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, key_dim",
    "flax/linen/attention.py, MultiHeadDotProductAttention, qkv_features",
]
lessons = []

observed = {"torch": 288, "keras": 568, "jax": 288}


def torch():
    """The width is divided among the heads."""

    import torch

    def default():
        """The number of parameters for a width of 8 and 2 heads."""
        layer = torch.nn.MultiheadAttention(embed_dim=8, num_heads=2)
        return sum(parameter.numel() for parameter in layer.parameters())

    return default, default  # nothing to change


def keras():
    """Each head has the size that is stated."""

    import keras

    def parameters(key_dim):
        """The number of parameters for a width of 8 and 2 heads of this size."""
        layer = keras.layers.MultiHeadAttention(num_heads=2, key_dim=key_dim)
        layer.build((None, 5, 8), (None, 5, 8))
        return layer.count_params()

    def default():
        """With the width as `key_dim`."""
        return parameters(8)

    def matched():
        """With the width divided by the heads."""
        return parameters(8 // 2)

    return default, matched


def jax():
    """The width is divided among the heads."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The number of parameters for a width of 8 and 2 heads."""
        layer = nn.MultiHeadDotProductAttention(num_heads=2)
        variables = layer.init(jax.random.key(0), jnp.ones((1, 5, 8)))
        return sum(array.size for array in jax.tree.leaves(variables))

    return default, default  # nothing to change
