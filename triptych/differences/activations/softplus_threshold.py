"""Softplus of large inputs: x itself, or the formula

Above 20, PyTorch's softplus returns x itself; the others compute log(1 + eˣ). In float64 this is
visible: 1.25e-9 at 20.5. Keras on PyTorch inherits PyTorch's.
"""

kind = "difference"
symptoms = """nn.Softplus threshold=20 beta, tf.nn.softplus, jax.nn.softplus; exactly linear
above 20"""
matters = """It is harmless in float32, which cannot tell them apart; in float64 it is a jump of
2e-9 that a strict comparison finds, and the gradient there is exactly 1."""
remedy = """`softplus(x, threshold=40)` in PyTorch, beyond which float64 shows no difference; or
`logaddexp(x, 0)`. Not in Keras on PyTorch and JAX, which computes that in float32."""
sources = [
    "torch/nn/modules/activation.py, Softplus",
    "tensorflow/python/ops/math_ops.py, softplus",
    "jax/_src/nn/functions.py, softplus",
    "keras/src/backend/torch/nn.py, softplus",
]
lessons = []

observed = {
    "numpy": 1.2501537582920719e-09,
    "torch": 0.0,
    "tensorflow": 1.2501537582920719e-09,
    "keras": 1.2501537582920719e-09,
    "keras-torch": 0.0,
    "keras-jax": 0.0,
    "jax": 1.2501537582920719e-09,
}
tolerance = 1e-12  # the small remainder differs


def numpy():
    """The definition, log(1 + eˣ)."""

    import numpy as np

    def default():
        """How much more than 20.5 it is at 20.5."""
        return float(np.logaddexp(20.5, 0.0) - 20.5)

    return default, default  # nothing to change


def torch():
    """`softplus` is the identity above its threshold, 20."""

    import torch

    X = torch.tensor(20.5, dtype=torch.float64)

    def default():
        """How much more than 20.5 it is at 20.5."""
        return (torch.nn.functional.softplus(X) - X).item()

    def matched():
        """With the threshold at 40."""
        return (torch.nn.functional.softplus(X, threshold=40) - X).item()

    return default, matched


def tensorflow():
    """`softplus` is the formula in the whole range where float64 shows a difference."""

    import tensorflow as tf

    X = tf.constant(20.5, tf.float64)

    def default():
        """How much more than 20.5 it is at 20.5."""
        return float(tf.math.softplus(X) - X)

    return default, default  # nothing to change


def keras():
    """`softplus` depends on the backend."""

    import keras

    X = keras.ops.convert_to_tensor(20.5, dtype="float64")

    def default():
        """How much more than 20.5 it is at 20.5."""
        return float(keras.ops.softplus(X) - X)

    return default


def jax():
    """`softplus` is `logaddexp(x, 0)`."""

    import jax
    import jax.numpy as jnp

    def default():
        """How much more than 20.5 it is at 20.5."""
        with jax.enable_x64(True):
            x = jnp.asarray(20.5)
            return float(jax.nn.softplus(x) - x)

    return default, default  # nothing to change
