"""The remainder of a negative number

−7 % 3 is 2 and −7 // 3 is −3 in NumPy, PyTorch, TensorFlow, JAX and PyTensor, as in Python. The C
language has −1 and −2.
"""

kind = "agreement"
symptoms = "% of negative numbers, fmod remainder, tf.math.mod, hash index negative"
matters = """Indices that wrap round, as in a positional encoding or a schedule in cycles, rely on
it."""
remedy = """None is needed with `%`; functions of other names (`torch.fmod`, `np.fmod`,
`jax.lax.rem`, `tf.truncatemod`) follow C and give −1."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.remainder.html",
    "tensorflow/python/ops/math_ops.py, floormod",
    "https://numpy.org/doc/stable/reference/generated/numpy.remainder.html",
]
lessons = []

observed = {
    "numpy": [2, -3],
    "torch": [2, -3],
    "tensorflow": [2, -3],
    "jax": [2, -3],
    "pytensor": [2, -3],
}


def numpy():
    """As in Python."""

    import numpy as np

    def default():
        """[−7 % 3, −7 // 3]."""
        x = np.array(-7)
        return [int(x % 3), int(x // 3)]

    return default


def torch():
    """As in Python."""

    import torch

    def default():
        """[−7 % 3, −7 // 3]."""
        x = torch.tensor(-7)
        return [(x % 3).item(), (x // 3).item()]

    return default


def tensorflow():
    """As in Python."""

    import tensorflow as tf

    def default():
        """[−7 % 3, −7 // 3]."""
        x = tf.constant(-7)
        return [int(x % 3), int(x // 3)]

    return default


def jax():
    """As in Python."""

    import jax.numpy as jnp

    def default():
        """[−7 % 3, −7 // 3]."""
        x = jnp.array(-7)
        return [int(x % 3), int(x // 3)]

    return default


def pytensor():
    """As in Python."""

    import pytensor.tensor as pt

    def default():
        """[−7 % 3, −7 // 3]."""
        x = pt.constant(-7)
        return [int((x % 3).eval()), int((x // 3).eval())]

    return default
