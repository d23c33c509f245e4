"""Attention without the root of the width

PyTorch's and JAX's attention functions, `keras.ops.dot_product_attention` and all multi-head layers
divide the scores by √d. Keras's plain `Attention` layer does not. Scores of 2 and 0 with d = 4 give
the second value a share of 0.27, and there of 0.12.
"""

kind = "difference"
symptoms = """keras.layers.Attention use_scale, score_mode; scores not divided by sqrt(d),
sqrt(d_k), attention scaling; too peaked softmax"""
matters = """Unscaled scores grow with the width, so the softmax saturates and its gradient
vanishes; that is why the division was introduced."""
remedy = """Divide the query: `layer([query / d**0.5, value, key])`. `use_scale=True` is something
else, a factor that is learned and starts at 1."""
sources = [
    "keras/src/layers/attention/attention.py, Attention._calculate_scores",
    "torch/nn/functional.py, scaled_dot_product_attention, scale",
    "jax/_src/nn/functions.py, dot_product_attention, scale",
]
lessons = [8]

observed = {"numpy": 0.2689414, "torch": 0.2689414, "keras": 0.1192029, "jax": 0.2689414}
round_off = 1e-6  # float32 by default


def numpy():
    """The definition."""

    import numpy as np

    def default():
        """The share of the second of two values, of scores 2 and 0 with d = 4."""
        e = np.exp(np.array([2.0, 0.0]) / np.sqrt(4))
        return float(e[1] / e.sum())

    return default, default  # nothing to change


def torch():
    """Divided by √4."""

    import torch

    def default():
        """The share of the second of two values, of scores 2 and 0 with d = 4."""
        query, keys = torch.tensor([[[2.0, 0.0, 0.0, 0.0]]]), torch.eye(4)[None, :2]
        values = torch.tensor([[[0.0], [1.0]]])
        return torch.nn.functional.scaled_dot_product_attention(query, keys, values).item()

    return default, default  # nothing to change


def keras():
    """The plain layer takes the scores as they are, on every backend."""

    import keras
    import numpy as np

    QUERY = np.array([[[2, 0, 0, 0]]], dtype="float32")
    KEYS = np.eye(4, dtype="float32")[None, :2]
    VALUES = np.array([[[0], [1]]], dtype="float32")

    def default():
        """The share of the second of two values, of scores 2 and 0 with d = 4."""
        return float(keras.layers.Attention()([QUERY, VALUES, KEYS])[0, 0, 0])

    def matched():
        """With the query divided by √4."""
        return float(keras.layers.Attention()([QUERY / 2, VALUES, KEYS])[0, 0, 0])

    return default, matched


def jax():
    """Divided by √4."""

    import jax
    import jax.numpy as jnp

    def default():
        """The share of the second of two values, of scores 2 and 0 with d = 4."""
        query = jnp.array([2.0, 0.0, 0.0, 0.0]).reshape(1, 1, 1, 4)
        keys = jnp.eye(4)[:2].reshape(1, 2, 1, 4)
        values = jnp.array([[0.0] * 4, [1.0] * 4]).reshape(1, 2, 1, 4)
        return jax.nn.dot_product_attention(query, keys, values)[0, 0, 0, 0].item()

    return default, default  # nothing to change
