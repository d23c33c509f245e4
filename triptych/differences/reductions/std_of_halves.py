"""The standard deviation in float16

Of ±300 it is 300. In NumPy, TensorFlow, JAX, PyTensor and Keras it is infinite, since the squares
exceed 65504, the largest float16. PyTorch, and Keras on PyTorch, compute in float32 inside.
"""

from math import inf

kind = "difference"
symptoms = "float16 std inf nan"
matters = """Inputs standardised in float16 become 0, for x/∞ is 0, and no NaN tells. The mean is
safe, except in TensorFlow (see mean_of_halves)."""
remedy = "Convert to float32 first."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.std.html (notes on precision)",
    "https://docs.pytorch.org/docs/stable/generated/torch.std.html",
    "tensorflow/python/ops/math_ops.py, reduce_std",
    "jax/_src/numpy/reductions.py, std",
]
lessons = []

observed = {
    "numpy": inf,
    "torch": 300.0,
    "tensorflow": inf,
    "keras": inf,
    "keras-torch": 300.0,
    "jax": inf,
    "pytensor": inf,
}


def numpy():
    """The squares overflow, with a warning."""

    import warnings

    import numpy as np

    X = np.array([300, -300, 300, -300], dtype="float16")

    def default():
        """Of ±300."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return float(X.std())

    def matched():
        """In float32."""
        return float(X.astype("float32").std())

    return default, matched


def torch():
    """float32 inside."""

    import torch

    X = torch.tensor([300.0, -300.0, 300.0, -300.0], dtype=torch.float16)

    def default():
        """Of ±300, over n as in the others (see std_degrees_of_freedom)."""
        return X.std(correction=0).item()

    def matched():
        """In float32."""
        return X.float().std(correction=0).item()

    return default, matched


def tensorflow():
    """The squares overflow."""

    import tensorflow as tf

    X = tf.constant([300, -300, 300, -300], tf.float16)

    def default():
        """Of ±300."""
        return float(tf.math.reduce_std(X))

    def matched():
        """In float32."""
        return float(tf.math.reduce_std(tf.cast(X, tf.float32)))

    return default, matched


def keras():
    """It depends on the backend."""

    import keras
    import numpy as np

    X = np.array([300, -300, 300, -300], dtype="float16")

    def default():
        """Of ±300."""
        return float(keras.ops.std(X))

    def matched():
        """In float32."""
        return float(keras.ops.std(X.astype("float32")))

    return default, matched


def jax():
    """The squares overflow."""

    import jax.numpy as jnp

    X = jnp.array([300, -300, 300, -300], dtype="float16")

    def default():
        """Of ±300."""
        return float(X.std())

    def matched():
        """In float32."""
        return float(X.astype("float32").std())

    return default, matched


def pytensor():
    """The squares overflow."""

    import numpy as np
    import pytensor.tensor as pt

    X = pt.constant(np.array([300, -300, 300, -300], dtype="float16"))

    def default():
        """Of ±300."""
        return float(X.std().eval())

    def matched():
        """In float32."""
        return float(X.astype("float32").std().eval())

    return default, matched
