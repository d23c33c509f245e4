"""The size of an attention head: stated, or a share of the width

For a width of 8 and 2 heads, PyTorch's `MultiheadAttention(8, 2)` makes heads of 4. Keras takes the
size of one head, `key_dim`: `MultiHeadAttention(2, 8)` makes heads of 8, and 568 parameters where
PyTorch has 288.
"""

kind = "difference"
symptoms = """embed_dim num_heads, key_dim, head size; MultiHeadAttention has more parameters in
Keras than in PyTorch"""
matters = """Both numbers of a published model, heads and width, fit into Keras's arguments, and the
layer's output has the right shape, with a multiple of the parameters inside."""
remedy = "`key_dim=width // heads`."
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention, embed_dim",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, key_dim",
]
lessons = []

observed = {"torch": 288, "keras": 568}


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
