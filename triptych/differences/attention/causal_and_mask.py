"""A causal mask and another mask together

Two steps with the values 1 and 3; the mask hides the first from the second. Keras's layer and JAX's
function combine it with their causal mask, and each step sees itself only: 1 and 3. PyTorch's
`scaled_dot_product_attention` raises a RuntimeError for two masks.
"""

kind = "difference"
symptoms = """use_causal_mask with attention_mask, is_causal together with attn_mask error;
causal mask dropped"""
matters = """A language model over sentences of different lengths needs both, a causal mask and one
for the padding. In PyTorch they must be put together, and that is easy to do with `or`."""
remedy = "One mask in PyTorch: `mask & torch.ones(n, n).tril().bool()`, True where a step is seen."
sources = [
    "torch/nn/functional.py, scaled_dot_product_attention, is_causal",
    "keras/src/layers/attention/multi_head_attention.py, _compute_attention_mask",
    "jax/_src/nn/functions.py, dot_product_attention, is_causal",
]
lessons = []

observed = {"torch": {"raises": "RuntimeError"}, "keras": [1.0, 3.0], "jax": [1.0, 3.0]}
round_off = 1e-6  # float32 by default


def torch():
    """An error."""

    import torch

    KEYS, VALUES = torch.zeros(1, 2, 1), torch.tensor([[[1.0], [3.0]]])
    MASK = torch.tensor([[True, True], [False, True]])

    def attend(**options):
        """Two steps with equal scores."""
        function = torch.nn.functional.scaled_dot_product_attention
        return function(KEYS, KEYS, VALUES, **options).flatten().tolist()

    def default():
        """With both masks."""
        return attend(attn_mask=MASK, is_causal=True)

    def matched():
        """With one that is both."""
        return attend(attn_mask=MASK & torch.ones(2, 2).tril().bool())

    return default, matched


def keras():
    """Both hide, on every backend."""

    import keras
    import numpy as np

    MASK = np.array([[[True, True], [False, True]]])

    def default():
        """Two steps with equal scores, with both masks."""
        keys, values = np.zeros((1, 2, 1), "float32"), np.array([[[1], [3]]], dtype="float32")
        layer = keras.layers.MultiHeadAttention(1, 1, kernel_initializer="ones")
        out = layer(keys, values, key=keys, use_causal_mask=True, attention_mask=MASK)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """Both hide."""

    import jax
    import jax.numpy as jnp

    MASK = jnp.array([[[[True, True], [False, True]]]])

    def default():
        """Two steps with equal scores, with both masks."""
        keys, values = jnp.zeros((1, 2, 1, 1)), jnp.array([1.0, 3.0]).reshape(1, 2, 1, 1)
        function = jax.nn.dot_product_attention
        return function(keys, keys, values, is_causal=True, mask=MASK).ravel().tolist()

    return default, default  # nothing to change
