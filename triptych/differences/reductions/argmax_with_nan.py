"""argmax where there is a NaN

In 1, NaN, 3 NumPy, PyTorch and JAX point at the NaN; TensorFlow points at 3. Keras depends on its
backend.
"""

kind = "difference"
symptoms = "argmax nan index, prediction of nan"
matters = """When a network has diverged, accuracy falls at once in some frameworks; in TensorFlow
it stays, and the failure is noticed late."""
remedy = "Check `isnan` first, or replace NaN by −∞ before taking the argmax."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.argmax.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.argmax.html",
    "tensorflow/python/ops/math_ops.py, argmax_v2",
    "jax/_src/numpy/lax_numpy.py, argmax",
]
lessons = []

observed = {
    "numpy": 1,
    "torch": 1,
    "tensorflow": 2,
    "keras": 2,
    "keras-torch": 1,
    "keras-jax": 1,
    "jax": 1,
}


def numpy():
    """NaN counts as the largest."""

    import numpy as np

    X = np.array([1.0, np.nan, 3.0])

    def default():
        """Where the maximum of 1, NaN, 3 is."""
        return int(np.argmax(X))

    def matched():
        """With NaN as the smallest."""
        return int(np.argmax(np.where(np.isnan(X), -np.inf, X)))

    return default, matched


def torch():
    """NaN counts as the largest."""

    import torch

    X = torch.tensor([1.0, torch.nan, 3.0])

    def default():
        """Where the maximum of 1, NaN, 3 is."""
        return X.argmax().item()

    def matched():
        """With NaN as the smallest."""
        return torch.where(X.isnan(), -torch.inf, X).argmax().item()

    return default, matched


def tensorflow():
    """NaN loses every comparison, so it is skipped."""

    import tensorflow as tf

    X = tf.constant([1.0, float("nan"), 3.0])

    def default():
        """Where the maximum of 1, NaN, 3 is."""
        return int(tf.argmax(X))

    def matched():
        """With NaN as the smallest."""
        return int(tf.argmax(tf.where(tf.math.is_nan(X), -float("inf"), X)))

    return default, matched


def keras():
    """It depends on the backend."""

    import keras

    X = keras.ops.convert_to_tensor([1.0, float("nan"), 3.0])

    def default():
        """Where the maximum of 1, NaN, 3 is."""
        return int(keras.ops.argmax(X))

    def matched():
        """With NaN as the smallest."""
        return int(keras.ops.argmax(keras.ops.where(keras.ops.isnan(X), -float("inf"), X)))

    return default, matched


def jax():
    """NaN counts as the largest."""

    import jax.numpy as jnp

    X = jnp.array([1.0, jnp.nan, 3.0])

    def default():
        """Where the maximum of 1, NaN, 3 is."""
        return int(jnp.argmax(X))

    def matched():
        """With NaN as the smallest."""
        return int(jnp.argmax(jnp.where(jnp.isnan(X), -jnp.inf, X)))

    return default, matched
