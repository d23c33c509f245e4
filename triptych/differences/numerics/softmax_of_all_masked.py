"""Softmax where everything is masked is NaN

The softmax of a row of −∞ is NaN in PyTorch, TensorFlow, Keras and JAX.
"""

from math import nan

kind = "agreement"
symptoms = "softmax of -inf nan, all masked, nan after masking, masked_fill; fully masked row"
matters = """In attention, a sentence of padding only gives such a row, and its NaN reaches every
weight."""
remedy = """None is needed to agree. Mask with a large negative number such as −1e9, which gives
equal shares, or set such rows to 0 afterwards."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html",
    "tensorflow/python/ops/nn_ops.py, softmax_v2",
    "jax/_src/nn/functions.py, softmax",
]
lessons = []

observed = {"torch": [nan, nan], "tensorflow": [nan, nan], "keras": [nan, nan], "jax": [nan, nan]}


def torch():
    """−∞ minus −∞."""

    import torch

    def default():
        """Of −∞ and −∞."""
        return torch.softmax(torch.tensor([-torch.inf, -torch.inf]), dim=0).tolist()

    return default


def tensorflow():
    """−∞ minus −∞."""

    import tensorflow as tf

    def default():
        """Of −∞ and −∞."""
        return tf.nn.softmax([-float("inf"), -float("inf")]).numpy().tolist()

    return default


def keras():
    """−∞ minus −∞."""

    import keras

    def default():
        """Of −∞ and −∞."""
        z = keras.ops.convert_to_tensor([-float("inf"), -float("inf")])
        return keras.ops.convert_to_numpy(keras.ops.softmax(z)).tolist()

    return default


def jax():
    """−∞ minus −∞."""

    import jax
    import jax.numpy as jnp

    def default():
        """Of −∞ and −∞."""
        return jax.nn.softmax(jnp.array([-jnp.inf, -jnp.inf])).tolist()

    return default
