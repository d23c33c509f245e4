"""A convolution layer does not flip its kernel

What deep learning calls a convolution is a cross-correlation in PyTorch, TensorFlow, Keras and
`jax.lax.conv`: the kernel is applied as it is written.
"""

kind = "agreement"
symptoms = """conv2d cross-correlation, flipped kernel, scipy convolve; convolution flips the
kernel?"""
matters = """In signal processing and in mathematics the kernel is flipped first; NumPy's `convolve`
does it (see convolve_flips)."""
remedy = "None is needed between layers."
sources = [
    "torch/nn/modules/conv.py, Conv1d",
    "tensorflow/python/ops/nn_ops.py, conv1d_v2",
    "keras/src/ops/nn.py, conv",
    "jax/_src/lax/convolution.py, conv",
]
lessons = []

observed = {
    "numpy": [-2.0, -2.0],
    "torch": [-2.0, -2.0],
    "tensorflow": [-2.0, -2.0],
    "keras": [-2.0, -2.0],
    "jax": [-2.0, -2.0],
}
round_off = 1e-6  # float32, though these sums are exact


def numpy():
    """`correlate` is the definition."""

    import numpy as np

    def default():
        """1, 2, 3, 4 correlated with the kernel 1, 0, −1."""
        return np.correlate([1.0, 2.0, 3.0, 4.0], [1.0, 0.0, -1.0], mode="valid").tolist()

    return default


def torch():
    """No flip."""

    import torch

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        x, kernel = torch.tensor([[[1.0, 2.0, 3.0, 4.0]]]), torch.tensor([[[1.0, 0.0, -1.0]]])
        return torch.nn.functional.conv1d(x, kernel).flatten().tolist()

    return default


def tensorflow():
    """No flip."""

    import tensorflow as tf

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        x = tf.reshape([1.0, 2.0, 3.0, 4.0], (1, 4, 1))
        kernel = tf.reshape([1.0, 0.0, -1.0], (3, 1, 1))
        return tf.nn.conv1d(x, kernel, stride=1, padding="VALID").numpy().ravel().tolist()

    return default


def keras():
    """No flip."""

    import keras
    import numpy as np

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        x = np.array([1, 2, 3, 4], dtype="float32").reshape(1, 4, 1)
        kernel = np.array([1, 0, -1], dtype="float32").reshape(3, 1, 1)
        return keras.ops.convert_to_numpy(keras.ops.conv(x, kernel)).ravel().tolist()

    return default


def jax():
    """No flip in `jax.lax.conv`."""

    import jax
    import jax.numpy as jnp

    def default():
        """1, 2, 3, 4 with the kernel 1, 0, −1."""
        x, kernel = jnp.array([[[1.0, 2.0, 3.0, 4.0]]]), jnp.array([[[1.0, 0.0, -1.0]]])
        return jax.lax.conv(x, kernel, (1,), "VALID").ravel().tolist()

    return default
