"""Standard deviation: over n or n − 1

PyTorch's `std` and `var` divide by n − 1 (Bessel's correction); NumPy, TensorFlow, Keras, JAX and
PyTensor divide by n. Of 1, 2, 3, 4 that is 1.291 against 1.118.
"""

kind = "difference"
symptoms = """torch.std unbiased, np.std ddof, correction=1, tf.math.reduce_std, jnp.std;
standardized inputs differ, n - 1"""
matters = """Inputs standardised by hand are scaled differently, and of a single number PyTorch
gives NaN where the others give 0."""
remedy = "`x.std(correction=0)` in PyTorch."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.std.html",
    "tensorflow/python/ops/math_ops.py, reduce_std",
    "keras/src/ops/numpy.py, std",
    "jax/_src/numpy/reductions.py, std",
]
lessons = [2]

observed = {
    "numpy": 1.118034,
    "torch": 1.290994,
    "tensorflow": 1.118034,
    "keras": 1.118034,
    "jax": 1.118034,
    "pytensor": 1.118034,
}
round_off = 1e-6  # float32 by default


def numpy():
    """`ddof` is 0."""

    import numpy as np

    def default():
        """The standard deviation of 1, 2, 3, 4."""
        return float(np.std([1.0, 2.0, 3.0, 4.0]))

    return default, default  # nothing to change


def torch():
    """`correction` is 1."""

    import torch

    def default():
        """The standard deviation of 1, 2, 3, 4."""
        return torch.tensor([1.0, 2.0, 3.0, 4.0]).std().item()

    def matched():
        """Over n."""
        return torch.tensor([1.0, 2.0, 3.0, 4.0]).std(correction=0).item()

    return default, matched


def tensorflow():
    """Over n, with no option."""

    import tensorflow as tf

    def default():
        """The standard deviation of 1, 2, 3, 4."""
        return float(tf.math.reduce_std([1.0, 2.0, 3.0, 4.0]))

    return default, default  # nothing to change


def keras():
    """Over n, also on PyTorch."""

    import keras

    def default():
        """The standard deviation of 1, 2, 3, 4."""
        return float(keras.ops.std(keras.ops.convert_to_tensor([1.0, 2.0, 3.0, 4.0])))

    return default, default  # nothing to change


def jax():
    """`ddof` is 0, as in NumPy."""

    import jax.numpy as jnp

    def default():
        """The standard deviation of 1, 2, 3, 4."""
        return float(jnp.std(jnp.array([1.0, 2.0, 3.0, 4.0])))

    return default, default  # nothing to change


def pytensor():
    """`ddof` is 0, as in NumPy."""

    import pytensor.tensor as pt

    def default():
        """The standard deviation of 1, 2, 3, 4."""
        return float(pt.std(pt.constant([1.0, 2.0, 3.0, 4.0])).eval())

    return default, default  # nothing to change
