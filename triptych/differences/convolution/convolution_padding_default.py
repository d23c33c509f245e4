"""How many numbers a convolution returns

4 numbers and a window of 3 give 6 results from `np.convolve`, `jnp.convolve` and PyTensor's
`convolve1d`, whose default is "full", and 2 from PyTorch and Keras, whose default is no padding.
`np.correlate` gives 2 as well.
"""

kind = "difference"
symptoms = """np.convolve mode full same valid, conv1d padding valid; output shape length
differs"""
matters = """The longer result starts and ends with two numbers that come from a part of the window
only; whoever cuts it to length must know which ones to drop."""
remedy = 'Name it everywhere: `mode="valid"` for the functions is `padding="valid"` for the layers.'
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.convolve.html",
    "torch/nn/functional.py, conv1d",
    "keras/src/layers/convolutional/conv1d.py, Conv1D, padding",
    "jax/_src/numpy/lax_numpy.py, convolve",
    "pytensor/tensor/signal/conv.py, convolve1d",
]
lessons = []

observed = {"numpy": 6, "torch": 2, "keras": 2, "jax": 6, "pytensor": 6}
round_off = 1e-6  # float32, though these sums are exact


def numpy():
    """Every place where numbers and window overlap."""

    import numpy as np

    X, KERNEL = np.arange(1.0, 5.0), np.array([1.0, 0.0, 1.0])

    def default():
        """The number of results."""
        return len(np.convolve(X, KERNEL))

    def matched():
        """1, 2, 3, 4 with the kernel 1, 0, 1, where they overlap completely."""
        return np.convolve(X, KERNEL, mode="valid").tolist()

    return default, matched


def torch():
    """Every place where the window lies within the numbers."""

    import torch

    X, KERNEL = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.tensor([[[1.0, 0.0, 1.0]]])

    def default():
        """The number of results."""
        return torch.nn.functional.conv1d(X, KERNEL).shape[-1]

    def matched():
        """1, 2, 3, 4 with the kernel 1, 0, 1, where they overlap completely."""
        return torch.nn.functional.conv1d(X, KERNEL, padding="valid").flatten().tolist()

    return default, matched


def keras():
    """Every place where the window lies within the numbers."""

    import keras
    import numpy as np

    X = np.arange(1, 5, dtype="float32").reshape(1, 4, 1)

    def default():
        """The number of results."""
        return int(keras.layers.Conv1D(1, 3)(X).shape[1])

    def matched():
        """1, 2, 3, 4 with the kernel 1, 0, 1, where they overlap completely."""
        kernel = np.array([1, 0, 1], dtype="float32").reshape(3, 1, 1)
        out = keras.ops.conv(X, kernel, padding="valid")
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, matched


def jax():
    """`jnp.convolve` is NumPy's; `jax.lax.conv` has no default."""

    import jax.numpy as jnp

    def default():
        """The number of results."""
        return len(jnp.convolve(jnp.arange(1.0, 5.0), jnp.ones(3)))

    def matched():
        """1, 2, 3, 4 with the kernel 1, 0, 1, where they overlap completely."""
        kernel = jnp.array([1.0, 0.0, 1.0])
        return jnp.convolve(jnp.arange(1.0, 5.0), kernel, mode="valid").tolist()

    return default, matched


def pytensor():
    """Every place where numbers and window overlap."""

    import pytensor.tensor as pt
    from pytensor.tensor.signal import convolve1d

    X, KERNEL = pt.constant([1.0, 2.0, 3.0, 4.0]), pt.constant([1.0, 0.0, 1.0])

    def default():
        """The number of results."""
        return len(convolve1d(X, KERNEL).eval())

    def matched():
        """1, 2, 3, 4 with the kernel 1, 0, 1, where they overlap completely."""
        return convolve1d(X, KERNEL, mode="valid").eval().tolist()

    return default, matched
