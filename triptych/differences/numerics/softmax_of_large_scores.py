"""Softmax of large scores does not overflow

Of the scores 1000 and 0, softmax is 1 and 0 in PyTorch, TensorFlow, Keras, JAX and PyTensor: all
subtract the largest score first.
"""

kind = "agreement"
symptoms = """softmax overflow, exp overflow nan, log_softmax stable, logsumexp, max subtraction"""
matters = """The formula as printed, e¹⁰⁰⁰ over a sum, is NaN; the frameworks avoid it, but code
written by hand may not."""
remedy = "None is needed; by hand, subtract the maximum."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.nn.Softmax.html",
    "tensorflow/python/ops/nn_ops.py, softmax_v2",
    "jax/_src/nn/functions.py, softmax",
    "pytensor/tensor/special.py, Softmax",
]
lessons = []

observed = {
    "numpy": [1.0, 0.0],
    "torch": [1.0, 0.0],
    "tensorflow": [1.0, 0.0],
    "keras": [1.0, 0.0],
    "jax": [1.0, 0.0],
    "pytensor": [1.0, 0.0],
}


def numpy():
    """The definition, after subtracting the largest."""

    import numpy as np

    def default():
        """Of 1000 and 0."""
        e = np.exp(np.array([1000.0, 0.0]) - 1000)
        return (e / e.sum()).tolist()

    return default


def torch():
    """Stable."""

    import torch

    def default():
        """Of 1000 and 0."""
        return torch.softmax(torch.tensor([1000.0, 0.0]), dim=0).tolist()

    return default


def tensorflow():
    """Stable."""

    import tensorflow as tf

    def default():
        """Of 1000 and 0."""
        return tf.nn.softmax([1000.0, 0.0]).numpy().tolist()

    return default


def keras():
    """Stable."""

    import keras

    def default():
        """Of 1000 and 0."""
        z = keras.ops.convert_to_tensor([1000.0, 0.0])
        return keras.ops.convert_to_numpy(keras.ops.softmax(z)).tolist()

    return default


def jax():
    """Stable."""

    import jax
    import jax.numpy as jnp

    def default():
        """Of 1000 and 0."""
        return jax.nn.softmax(jnp.array([1000.0, 0.0])).tolist()

    return default


def pytensor():
    """Stable."""

    import pytensor.tensor as pt

    def default():
        """Of 1000 and 0."""
        return pt.special.softmax(pt.constant([1000.0, 0.0])).eval().tolist()

    return default
