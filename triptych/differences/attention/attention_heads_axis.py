"""The attention function: heads before steps or after

PyTorch's `scaled_dot_product_attention` takes (rows, heads, steps, features);
`jax.nn.dot_product_attention` and `keras.ops.dot_product_attention` take (rows, steps, heads,
features).
"""

kind = "difference"
symptoms = """scaled_dot_product_attention, keras.ops.dot_product_attention,
jax.nn.dot_product_attention (B, T, N, H); split heads reshape transpose; wrong attention
output, no error"""
matters = """All shapes fit either way. In the wrong one, the heads of a step attend to one another
and no step sees the others."""
remedy = "`x.transpose(1, 2)` on the way into PyTorch's function, and again on the way out."
sources = [
    "torch/nn/functional.py, scaled_dot_product_attention",
    "jax/_src/nn/functions.py, dot_product_attention",
    "keras/src/ops/nn.py, dot_product_attention",
]
lessons = [8]

observed = {
    "torch": [0.2610414, 0.5110414, 0.3043608, 0.5543608],
    "keras": [0.5440794, 0.7940794, 1.2076263, 1.4576263],
    "jax": [0.5440794, 0.7940794, 1.2076263, 1.4576263],
}
round_off = 1e-6  # float32 by default


def torch():
    """(rows, heads, steps, features)."""

    import torch

    X = torch.arange(8.0).reshape(1, 2, 2, 2) / 4
    attention = torch.nn.functional.scaled_dot_product_attention

    def default():
        """The first four outputs for queries, keys and values of 0, ¼, ½, … as (1, 2, 2, 2)."""
        return attention(X, X, X).flatten()[:4].tolist()

    def matched():
        """With two axes exchanged, before and after."""
        x = X.transpose(1, 2)
        return attention(x, x, x).transpose(1, 2).flatten()[:4].tolist()

    return default, matched


def keras():
    """(rows, steps, heads, features), on every backend."""

    import keras
    import numpy as np

    def default():
        """The first four outputs for queries, keys and values of 0, ¼, ½, … as (1, 2, 2, 2)."""
        x = np.arange(8, dtype="float32").reshape(1, 2, 2, 2) / 4
        out = keras.ops.dot_product_attention(x, x, x)
        return keras.ops.convert_to_numpy(out).ravel()[:4].tolist()

    return default, default  # nothing to change


def jax():
    """(rows, steps, heads, features)."""

    import jax
    import jax.numpy as jnp

    def default():
        """The first four outputs for queries, keys and values of 0, ¼, ½, … as (1, 2, 2, 2)."""
        x = jnp.arange(8.0).reshape(1, 2, 2, 2) / 4
        return jax.nn.dot_product_attention(x, x, x).ravel()[:4].tolist()

    return default, default  # nothing to change
