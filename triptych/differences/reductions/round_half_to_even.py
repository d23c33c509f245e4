"""Halves are rounded to the even neighbour

½, 1½, 2½ and −½ become 0, 2, 2 and −0 in all six frameworks.
"""

kind = "agreement"
symptoms = "round half to even, banker's rounding, round(2.5)"
matters = """At school halves go up, and Python's old `round` went away from zero; a table of
rounded numbers would differ."""
remedy = "None is needed."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.round.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.round.html",
    "tensorflow/python/ops/math_ops.py, round",
    "jax/_src/numpy/lax_numpy.py, round",
]
lessons = []

observed = {
    "numpy": [0.0, 2.0, 2.0, -0.0],
    "torch": [0.0, 2.0, 2.0, -0.0],
    "tensorflow": [0.0, 2.0, 2.0, -0.0],
    "keras": [0.0, 2.0, 2.0, -0.0],
    "jax": [0.0, 2.0, 2.0, -0.0],
    "pytensor": [0.0, 2.0, 2.0, -0.0],
}


def numpy():
    """To the even one."""

    import numpy as np

    def default():
        """½, 1½, 2½, −½."""
        return np.round([0.5, 1.5, 2.5, -0.5]).tolist()

    return default


def torch():
    """To the even one."""

    import torch

    def default():
        """½, 1½, 2½, −½."""
        return torch.tensor([0.5, 1.5, 2.5, -0.5]).round().tolist()

    return default


def tensorflow():
    """To the even one."""

    import tensorflow as tf

    def default():
        """½, 1½, 2½, −½."""
        return tf.round([0.5, 1.5, 2.5, -0.5]).numpy().tolist()

    return default


def keras():
    """To the even one."""

    import keras

    def default():
        """½, 1½, 2½, −½."""
        x = keras.ops.convert_to_tensor([0.5, 1.5, 2.5, -0.5])
        return keras.ops.convert_to_numpy(keras.ops.round(x)).tolist()

    return default


def jax():
    """To the even one."""

    import jax.numpy as jnp

    def default():
        """½, 1½, 2½, −½."""
        return jnp.round(jnp.array([0.5, 1.5, 2.5, -0.5])).tolist()

    return default


def pytensor():
    """To the even one."""

    import pytensor.tensor as pt

    def default():
        """½, 1½, 2½, −½."""
        return pt.round(pt.constant([0.5, 1.5, 2.5, -0.5])).eval().tolist()

    return default
