"""Attention in float64 whose scale is float32

Keras on TensorFlow turns the factor 1/√d of its `MultiHeadAttention` into float32 before it
multiplies float64 numbers with it: a share of 0.33 is wrong by 3e-9. With d of 4, 16 or 64 the
factor is a power of two and nothing shows. On PyTorch and JAX the layer goes through float32
altogether (see keras_float64_leak).
"""

kind = "difference"
symptoms = "jax dot_product_attention scale float64 not exact"
matters = """A comparison in float64 shows a gap in the ninth digit for some widths and none for
others, which looks like a mistake in the handling of heads."""
remedy = """For a comparison, choose a `key_dim` of 4, 16 or 64. Of the function
`keras.ops.dot_product_attention`, which has the same leak on TensorFlow, `scale=np.float64(…)` is
the cure."""
sources = [
    "keras/src/layers/attention/multi_head_attention.py, _inverse_sqrt_key_dim",
    "keras/src/backend/tensorflow/nn.py, dot_product_attention",
    "torch/nn/functional.py, scaled_dot_product_attention, scale",
]
lessons = []

observed = {"numpy": True, "torch": True, "keras": False}


def numpy():
    """The definition, in double precision."""

    import numpy as np

    def matched():
        """The share of the second of two values, of scores 1 and 0 with d = 2."""
        e = np.exp(np.array([1.0, 0.0]) / np.sqrt(2))
        return float(e[1] / e.sum())

    def default():
        """Whether it is 0.33023845067334306 to 12 digits."""
        return abs(matched() - 0.33023845067334306) < 1e-12

    return default, matched


def torch():
    """The scale is a double."""

    import torch

    def matched():
        """The share of the second of two values, of scores 1 and 0 with d = 2."""
        keys = torch.eye(2, dtype=torch.float64)[None]
        values = torch.tensor([[[0.0], [1.0]]], dtype=torch.float64)
        function = torch.nn.functional.scaled_dot_product_attention
        return function(keys[:, :1], keys, values).item()

    def default():
        """Whether it is 0.33023845067334306 to 12 digits."""
        return abs(matched() - 0.33023845067334306) < 1e-12

    return default, matched


def keras():
    """A Python float becomes float32 on TensorFlow; the other backends lose more."""

    import keras
    import numpy as np

    def default():
        """Whether the share of the second value is 0.33023845067334306 to 12 digits."""
        layer = keras.layers.MultiHeadAttention(1, 2, dtype="float64")
        layer.build((None, 1, 2), (None, 2, 2))
        kernel, bias = np.eye(2), np.zeros((1, 2))
        inner = [kernel[:, None], bias] * 3  # queries, keys and values pass unchanged
        layer.set_weights([*inner, kernel[None], bias[0]])
        keys, values = np.eye(2)[None], np.array([[[0.0, 0.0], [1.0, 1.0]]])
        share = keras.ops.convert_to_numpy(layer(keys[:, :1], values, key=keys))[0, 0, 0]
        return abs(float(share) - 0.33023845067334306) < 1e-12  # float() for JAX's float32

    return default
