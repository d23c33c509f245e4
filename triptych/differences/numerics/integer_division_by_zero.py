"""An integer divided by zero

7 // 0 raises an error in PyTorch and TensorFlow, is 0 with a warning in NumPy, and −2 without one
in JAX.
"""

kind = "difference"
symptoms = "ZeroDivisionError integer division by zero, no error, garbage"
matters = "A batch count of zero, or an empty class, becomes a plausible number."
remedy = "Divide by `maximum(n, 1)`."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.floor_divide.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.floor_divide.html",
    "jax/_src/numpy/ufuncs.py, floor_divide",
]
lessons = []

observed = {
    "numpy": 0,
    "torch": {"raises": "RuntimeError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "jax": -2,
}


def numpy():
    """0, with a warning."""

    import warnings

    import numpy as np

    def default():
        """7 // 0."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return int(np.array(7) // np.array(0))

    def matched():
        """By at least 1."""
        return int(np.array(7) // np.maximum(0, 1))

    return default, matched


def torch():
    """An error."""

    import torch

    def default():
        """7 // 0."""
        return (torch.tensor(7) // torch.tensor(0)).item()

    def matched():
        """By at least 1."""
        return (torch.tensor(7) // torch.tensor(0).clamp(min=1)).item()

    return default, matched


def tensorflow():
    """An error on a CPU."""

    import tensorflow as tf

    def default():
        """7 // 0."""
        return int(tf.constant(7) // tf.constant(0))

    def matched():
        """By at least 1."""
        return int(tf.constant(7) // tf.maximum(0, 1))

    return default, matched


def jax():
    """XLA's quotient is −1, and the floor takes one more."""

    import jax.numpy as jnp

    def default():
        """7 // 0."""
        return int(jnp.array(7) // jnp.array(0))

    def matched():
        """By at least 1."""
        return int(jnp.array(7) // jnp.maximum(0, 1))

    return default, matched
