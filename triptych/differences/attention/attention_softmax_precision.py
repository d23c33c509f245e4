"""Attention in float64 whose softmax is float32

`jax.nn.dot_product_attention` computes its softmax in float32 whatever the dtype of its arguments,
and returns the result as float64. A share of 0.33 is then wrong by 1e-8. PyTorch keeps float64
throughout.
"""

kind = "difference"
symptoms = "jax.nn.dot_product_attention softmax float32 in a float64 run"
matters = """A comparison in float64, meant to tell a mistake from rounding, shows a gap of fifty
million times machine epsilon, and the dtype of the result does not give it away. Keras's layers
call this function on JAX."""
remedy = """Write the formula: `jax.nn.softmax(scores)` keeps float64. What one loses is the fused
kernel, which is for float16 and bfloat16, where a softmax in float32 is welcome."""
sources = [
    "jax/_src/nn/functions.py, _dot_product_attention_core",
    "torch/nn/functional.py, scaled_dot_product_attention",
]
lessons = [8]

observed = {"numpy": True, "torch": True, "jax": False}


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
    """float64 throughout."""

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


def jax():
    """The softmax is float32, also with x64 switched on."""

    import jax
    import jax.numpy as jnp

    def default():
        """Whether the share of the second value is 0.33023845067334306 to 12 digits."""
        with jax.enable_x64(True):
            keys = jnp.eye(2).reshape(1, 2, 1, 2)
            values = jnp.array([[0.0, 0.0], [1.0, 1.0]]).reshape(1, 2, 1, 2)
            share = jax.nn.dot_product_attention(keys[:, :1], keys, values)[0, 0, 0, 0]
            assert share.dtype == "float64"
            return bool(abs(share - 0.33023845067334306) < 1e-12)

    def matched():
        """The share of the second value by the formula."""
        with jax.enable_x64(True):
            keys = jnp.eye(2)
            return float(jax.nn.softmax(keys[0] @ keys.T / jnp.sqrt(2.0))[1])

    return default, matched
