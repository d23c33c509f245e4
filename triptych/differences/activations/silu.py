"""SiLU and Swish are one function

`silu` is x·σ(x) in PyTorch, TensorFlow, Keras and JAX, and where there is a `swish` (TensorFlow,
Keras, JAX) it is the same; its β is 1.
"""

kind = "agreement"
symptoms = """nn.SiLU, swish, tf.nn.silu, tf.nn.swish, jax.nn.silu, hard_swish, EfficientNet
activation"""
matters = """Swish was published with a trainable β, so one might expect a constant to differ. None
does."""
remedy = "None is needed."
sources = [
    "torch/nn/functional.py, silu",
    "tensorflow/python/ops/nn_impl.py, swish",
    "keras/src/activations/activations.py, silu",
    "jax/_src/nn/functions.py, silu",
]
lessons = []

observed = {
    "numpy": 0.7310586,
    "torch": 0.7310586,
    "tensorflow": 0.7310586,
    "keras": 0.7310586,
    "jax": 0.7310586,
}
round_off = 1e-6  # float32 by default


def numpy():
    """The definition, x·σ(x)."""

    import math

    def default():
        """Of 1."""
        return 1 / (1 + math.exp(-1))

    return default


def torch():
    """`silu`; there is no `swish`."""

    import torch

    def default():
        """Of 1."""
        return torch.nn.functional.silu(torch.tensor(1.0)).item()

    return default


def tensorflow():
    """`silu`, also called `swish`."""

    import tensorflow as tf

    def default():
        """Of 1."""
        return float(tf.nn.swish(1.0))

    return default


def keras():
    """`silu`; the name "swish" leads to it."""

    import keras

    def default():
        """Of 1."""
        return float(keras.activations.get("swish")(keras.ops.convert_to_tensor(1.0)))

    return default


def jax():
    """`silu`, also called `swish`."""

    import jax

    def default():
        """Of 1."""
        return float(jax.nn.swish(1.0))

    return default
