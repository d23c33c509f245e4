"""The maximum of no numbers

TensorFlow returns −∞; NumPy and JAX raise a ValueError, PyTorch a RuntimeError.
"""

from math import inf

kind = "difference"
symptoms = """max of empty array, zero-size array to reduction operation maximum which has no
identity, -inf"""
matters = """An empty batch, such as a filtered validation set, stops one program and leaves −∞ in
the curves of another."""
remedy = """Add the −∞ yourself: `np.max(x, initial=-np.inf)`, also in JAX; in PyTorch append it to
the numbers."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.max.html",
    "tensorflow/python/ops/math_ops.py, reduce_max",
    "jax/_src/numpy/reductions.py, max",
]
lessons = []

observed = {
    "numpy": {"raises": "ValueError"},
    "torch": {"raises": "RuntimeError"},
    "tensorflow": -inf,
    "jax": {"raises": "ValueError"},
}


def numpy():
    """There is no such maximum, unless an initial one is given."""

    import numpy as np

    def default():
        """The maximum of an empty array."""
        return float(np.max(np.zeros(0)))

    def matched():
        """Starting from −∞."""
        return float(np.max(np.zeros(0), initial=-np.inf))

    return default, matched


def torch():
    """There is no such maximum."""

    import torch

    def default():
        """The maximum of an empty tensor."""
        return torch.zeros(0).max().item()

    def matched():
        """With −∞ among the numbers."""
        return torch.cat([torch.zeros(0), torch.tensor([-torch.inf])]).max().item()

    return default, matched


def tensorflow():
    """The neutral element of the maximum, −∞."""

    import tensorflow as tf

    def default():
        """The maximum of an empty tensor."""
        return float(tf.reduce_max(tf.zeros(0)))

    return default, default  # nothing to change


def jax():
    """There is no such maximum, unless an initial one is given."""

    import jax.numpy as jnp

    def default():
        """The maximum of an empty array."""
        return float(jnp.max(jnp.zeros(0)))

    def matched():
        """Starting from −∞."""
        return float(jnp.max(jnp.zeros(0), initial=-jnp.inf))

    return default, matched
