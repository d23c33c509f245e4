"""`convolve` flips its kernel

`np.convolve`, `jnp.convolve` and PyTensor's `convolve1d` flip the kernel, as in the mathematical
definition; PyTorch's `conv1d` does not.
"""

kind = "difference"
symptoms = "np.convolve, jnp.convolve flips the kernel, F.conv1d does not; reversed filter"
matters = "An edge detector moved from NumPy to a layer finds edges of the opposite sign."
remedy = "`np.correlate`, or a reversed kernel."
sources = [
    "numpy/_core/numeric.py, convolve",
    "jax/_src/numpy/lax_numpy.py, convolve",
    "torch/nn/functional.py, conv1d",
    "pytensor/tensor/signal/conv.py, convolve1d",
]
lessons = [7]

observed = {
    "numpy": [2.0, 2.0],
    "torch": [-2.0, -2.0],
    "jax": [2.0, 2.0],
    "pytensor": [2.0, 2.0],
}
round_off = 1e-6  # float32, though these sums are exact


def numpy():
    """The kernel is flipped."""

    import numpy as np

    X, KERNEL = np.array([1.0, 2.0, 3.0, 4.0]), np.array([1.0, 0.0, -1.0])

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        return np.convolve(X, KERNEL, mode="valid").tolist()

    def matched():
        """With a kernel flipped beforehand."""
        return np.convolve(X, KERNEL[::-1], mode="valid").tolist()

    return default, matched


def torch():
    """The kernel is taken as it is written."""

    import torch

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        x, kernel = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]]), torch.tensor([[[1.0, 0.0, -1.0]]])
        return torch.nn.functional.conv1d(x, kernel).flatten().tolist()

    return default, default  # nothing to change


def jax():
    """The kernel is flipped, as in NumPy."""

    import jax.numpy as jnp

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        x, kernel = jnp.array([1.0, 2.0, 3.0, 4.0]), jnp.array([1.0, 0.0, -1.0])
        return jnp.convolve(x, kernel, mode="valid").tolist()

    def matched():
        """As a correlation."""
        x, kernel = jnp.array([1.0, 2.0, 3.0, 4.0]), jnp.array([1.0, 0.0, -1.0])
        return jnp.correlate(x, kernel, mode="valid").tolist()

    return default, matched


def pytensor():
    """The kernel is flipped, as in NumPy."""

    import pytensor.tensor as pt
    from pytensor.tensor.signal import convolve1d

    X, KERNEL = pt.constant([1.0, 2.0, 3.0, 4.0]), pt.constant([1.0, 0.0, -1.0])

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        return convolve1d(X, KERNEL, mode="valid").eval().tolist()

    def matched():
        """With a kernel flipped beforehand."""
        return convolve1d(X, KERNEL[::-1], mode="valid").eval().tolist()

    return default, matched
