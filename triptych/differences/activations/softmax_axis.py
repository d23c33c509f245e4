"""Softmax without an axis

Without an axis PyTorch guesses one, and warns: axis 0 of a vector or of three axes, axis 1 of two
or four. TensorFlow, Keras and JAX take the last.
"""

kind = "difference"
symptoms = """Implicit dimension choice for softmax has been deprecated; F.softmax dim=0 dim=1
wrong axis, tf.nn.softmax axis=-1; probabilities do not sum to one"""
matters = """With an array of (rows, steps, classes) the probabilities of different rows are made to
sum to 1; every shape is right, and training seems to work."""
remedy = "Name the axis: `dim=-1` in PyTorch."
sources = [
    "torch/nn/functional.py, _get_softmax_dim",
    "tensorflow/python/ops/nn_ops.py, softmax_v2",
    "keras/src/activations/activations.py, softmax",
    "jax/_src/nn/functions.py, softmax",
]
lessons = [3, 4, 7, 8]

observed = {"torch": 0.5, "tensorflow": 0.2, "keras": 0.2, "jax": 0.2}
round_off = 1e-6  # float32 by default


def torch():
    """Of three axes it is the first, with a warning."""

    import warnings

    import torch

    Z = torch.zeros(2, 4, 5)

    def default():
        """The first probability where all logits are equal: one over the length of the axis."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return torch.nn.functional.softmax(Z)[0, 0, 0].item()

    def matched():
        """Along the last axis."""
        return torch.nn.functional.softmax(Z, dim=-1)[0, 0, 0].item()

    return default, matched


def tensorflow():
    """It is the last axis."""

    import tensorflow as tf

    def default():
        """The first probability where all logits are equal: one over the length of the axis."""
        return float(tf.nn.softmax(tf.zeros((2, 4, 5)))[0, 0, 0])

    return default, default  # nothing to change


def keras():
    """It is the last axis."""

    import keras

    def default():
        """The first probability where all logits are equal: one over the length of the axis."""
        return float(keras.activations.softmax(keras.ops.zeros((2, 4, 5)))[0, 0, 0])

    return default, default  # nothing to change


def jax():
    """It is the last axis."""

    import jax
    import jax.numpy as jnp

    def default():
        """The first probability where all logits are equal: one over the length of the axis."""
        return float(jax.nn.softmax(jnp.zeros((2, 4, 5)))[0, 0, 0])

    return default, default  # nothing to change
