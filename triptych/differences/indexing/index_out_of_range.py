"""An index beyond the end

NumPy and PyTorch raise an IndexError, TensorFlow an InvalidArgumentError; JAX returns the last
element.
"""

kind = "difference"
symptoms = """index out of range no error jax, IndexError index 5 is out of bounds, clamped
index, silent wrong value"""
matters = "A label of 10 with 10 classes, or an off-by-one in a sliding window, is silent in JAX."
remedy = """Check the indices in NumPy beforehand, or ask JAX for NaN by `x.at[i].get(mode="fill")`.
To get JAX's result: `x[min(i, len(x) - 1)]`."""
sources = [
    "https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html (out-of-bounds indexing)",
    "jax/_src/numpy/indexing.py, take",
    "tensorflow/python/ops/tensor_getitem_override.py, _slice_helper",
]
lessons = []

observed = {
    "numpy": {"raises": "IndexError"},
    "torch": {"raises": "IndexError"},
    "tensorflow": {"raises": "InvalidArgumentError"},
    "jax": 3.0,
}


def numpy():
    """An error."""

    import numpy as np

    X = np.array([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return float(X[5])

    def matched():
        """With the index moved by hand."""
        return float(X[min(5, len(X) - 1)])

    return default, matched


def torch():
    """An error."""

    import torch

    X = torch.tensor([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return X[5].item()

    def matched():
        """With the index moved by hand."""
        return X[min(5, len(X) - 1)].item()

    return default, matched


def tensorflow():
    """An error."""

    import tensorflow as tf

    X = tf.constant([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return float(X[5])

    def matched():
        """With the index moved by hand."""
        return float(X[min(5, len(X) - 1)])

    return default, matched


def jax():
    """The index is moved to the nearest one that exists."""

    import jax.numpy as jnp

    X = jnp.array([1.0, 2.0, 3.0])

    def default():
        """Element 5 of three."""
        return float(X[jnp.array(5)])

    return default, default  # nothing to change
