"""A mask of floats: added to the scores, or read as true and false

The mask 0 and −∞ is meant to show the first of two steps, with the values 1 and 3. PyTorch adds it
to the scores and gives 1. Keras reads 0 as false, hidden, and any other number as true, seen, and
gives 3. JAX raises a ValueError.
"""

kind = "difference"
symptoms = """attn_mask float additive mask -inf, attention_mask of zeros and ones, bool mask;
mask has no effect; scaled_dot_product_attention mask"""
matters = """PyTorch's `generate_square_subsequent_mask` makes such masks. In Keras it shows each
step the future instead of the past, without a word, and the loss gets very good."""
remedy = """`mask == 0` makes a mask of booleans for Keras and JAX. Their functions add floats, such
as a penalty for distance, as `bias=`."""
sources = [
    "torch/nn/functional.py, scaled_dot_product_attention, attn_mask",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, attention_mask",
    "keras/src/ops/nn.py, dot_product_attention, bias",
    "jax/_src/nn/functions.py, dot_product_attention, bias",
]
lessons = []

observed = {"torch": [1.0, 1.0], "keras": [3.0, 3.0], "jax": {"raises": "ValueError"}}
round_off = 1e-6  # float32 by default


def torch():
    """Added, by the layer and by the function."""

    import torch

    QUERY, KEYS, VALUES = torch.zeros(1, 1, 1), torch.zeros(1, 2, 1), torch.tensor([[[1.0], [3.0]]])
    MASK = torch.tensor([[0.0, -torch.inf]])

    layer = torch.nn.MultiheadAttention(1, 1, batch_first=True)
    torch.nn.init.ones_(layer.in_proj_weight)
    torch.nn.init.ones_(layer.out_proj.weight)

    def matched():
        """By the function."""
        function = torch.nn.functional.scaled_dot_product_attention
        return function(QUERY, KEYS, VALUES, attn_mask=MASK).item()

    def default():
        """[by the layer, by the function]."""
        by_layer, _ = layer(QUERY, KEYS, VALUES, attn_mask=MASK)
        return [by_layer.item(), matched()]

    return default, matched


def keras():
    """True where it is not 0, in the layer and in the function, on every backend."""

    import keras
    import numpy as np

    QUERY, KEYS = np.zeros((1, 1, 1), dtype="float32"), np.zeros((1, 2, 1), dtype="float32")
    VALUES = np.array([[[1], [3]]], dtype="float32")
    MASK = np.array([[[0, -np.inf]]], dtype="float32")

    def by_function(**options):
        """By the function, with one head."""
        query, keys, values = (x[:, :, None] for x in (QUERY, KEYS, VALUES))
        return float(keras.ops.dot_product_attention(query, keys, values, **options)[0, 0, 0, 0])

    def default():
        """[by the layer, by the function]."""
        layer = keras.layers.MultiHeadAttention(1, 1, kernel_initializer="ones")
        by_layer = layer(QUERY, VALUES, key=KEYS, attention_mask=MASK)
        return [float(by_layer[0, 0, 0]), by_function(mask=MASK[None])]

    def matched():
        """By the function, added."""
        return by_function(bias=MASK[None])

    return default, matched


def jax():
    """An error."""

    import jax
    import jax.numpy as jnp

    MASK = jnp.array([[[[0.0, -jnp.inf]]]])

    def by_function(**options):
        """By the function."""
        query, keys = jnp.zeros((1, 1, 1, 1)), jnp.zeros((1, 2, 1, 1))
        values = jnp.array([1.0, 3.0]).reshape(1, 2, 1, 1)
        return jax.nn.dot_product_attention(query, keys, values, **options).item()

    def default():
        """[by the function]."""
        return [by_function(mask=MASK)]

    def matched():
        """By the function, added."""
        return by_function(bias=MASK)

    return default, matched
