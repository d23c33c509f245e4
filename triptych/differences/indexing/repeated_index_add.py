"""Adding twice at the same index

`x[[0, 0]] += 1` adds 1 in NumPy and PyTorch, since both read the old value. JAX's `x.at[i].add(1)`
and TensorFlow's `tensor_scatter_nd_add` add 2.
"""

kind = "difference"
symptoms = "index_add, scatter_add, np.add.at, duplicate indices, x[idx] += 1 counts once"
matters = """The gradient of an embedding is such a sum: written by hand with `+=`, a word that
occurs twice in a batch counts once."""
remedy = "`np.add.at(x, i, 1)`, `x.index_add_(0, i, ones)` in PyTorch."
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.ufunc.at.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.index_add_.html",
    "tensorflow/python/ops/array_ops.py, tensor_scatter_nd_update",
    "https://docs.jax.dev/en/latest/_autosummary/jax.numpy.ndarray.at.html",
]
lessons = []

observed = {"numpy": 1.0, "torch": 1.0, "tensorflow": 2.0, "jax": 2.0}


def numpy():
    """The old value is read twice and written twice."""

    import numpy as np

    def default():
        """What 0 becomes."""
        x = np.zeros(2)
        x[[0, 0]] += 1
        return float(x[0])

    def matched():
        """Unbuffered."""
        x = np.zeros(2)
        np.add.at(x, [0, 0], 1)
        return float(x[0])

    return default, matched


def torch():
    """The old value is read twice and written twice."""

    import torch

    def default():
        """What 0 becomes."""
        x = torch.zeros(2)
        x[torch.tensor([0, 0])] += 1
        return x[0].item()

    def matched():
        """Accumulated."""
        return torch.zeros(2).index_add_(0, torch.tensor([0, 0]), torch.ones(2))[0].item()

    return default, matched


def tensorflow():
    """Both are added."""

    import tensorflow as tf

    def default():
        """What 0 becomes."""
        x = tf.tensor_scatter_nd_add(tf.zeros(2), indices=[[0], [0]], updates=[1.0, 1.0])
        return float(x[0])

    return default, default  # nothing to change


def jax():
    """Both are added."""

    import jax.numpy as jnp

    def default():
        """What 0 becomes."""
        return float(jnp.zeros(2).at[jnp.array([0, 0])].add(1)[0])

    return default, default  # nothing to change
