"""The orientation of a transposed convolution's kernel

A single 1 through a transposed convolution gives the kernel itself in PyTorch, TensorFlow and
Keras; `jax.lax.conv_transpose` gives it reversed.
"""

kind = "difference"
symptoms = """Conv2DTranspose, nn.ConvTranspose2d, conv_transpose flipped kernel;
jax.lax.conv_transpose transpose_kernel; wrong orientation; conv transpose kernel order"""
matters = "Weights copied into JAX compute something else with every shape right."
remedy = "`transpose_kernel=True` in JAX, which also swaps the axes of inputs and outputs."
sources = [
    "jax/_src/lax/convolution.py, conv_transpose, transpose_kernel",
    "torch/nn/functional.py, conv_transpose1d",
    "tensorflow/python/ops/nn_ops.py, conv1d_transpose",
    "keras/src/ops/nn.py, conv_transpose",
]
lessons = []

observed = {
    "torch": [1.0, 2.0, 3.0],
    "tensorflow": [1.0, 2.0, 3.0],
    "keras": [1.0, 2.0, 3.0],
    "jax": [3.0, 2.0, 1.0],
}


def torch():
    """As written."""

    import torch

    def default():
        """A single 1 through the kernel 1, 2, 3."""
        kernel = torch.tensor([[[1.0, 2.0, 3.0]]])
        return torch.nn.functional.conv_transpose1d(torch.ones(1, 1, 1), kernel).flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """As written."""

    import tensorflow as tf

    def default():
        """A single 1 through the kernel 1, 2, 3."""
        kernel = tf.reshape([1.0, 2.0, 3.0], (3, 1, 1))
        x = tf.ones((1, 1, 1))
        out = tf.nn.conv1d_transpose(x, kernel, output_shape=(1, 3, 1), strides=1, padding="VALID")
        return out.numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """As written, on every backend."""

    import keras
    import numpy as np

    def default():
        """A single 1 through the kernel 1, 2, 3."""
        kernel = np.array([1, 2, 3], dtype="float32").reshape(3, 1, 1)
        out = keras.ops.conv_transpose(np.ones((1, 1, 1), dtype="float32"), kernel, strides=1)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """Reversed, except with `transpose_kernel=True`."""

    import jax
    import jax.numpy as jnp

    def default():
        """A single 1 through the kernel 1, 2, 3."""
        kernel = jnp.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
        return jax.lax.conv_transpose(jnp.ones((1, 1, 1)), kernel, (1,), "VALID").ravel().tolist()

    def matched():
        """As the transpose of a convolution."""
        x, kernel = jnp.ones((1, 1, 1)), jnp.array([1.0, 2.0, 3.0]).reshape(3, 1, 1)
        out = jax.lax.conv_transpose(x, kernel, (1,), "VALID", transpose_kernel=True)
        return out.ravel().tolist()

    return default, matched
