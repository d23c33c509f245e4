"""The size of a transposed convolution

From 4 numbers, with a window of 3, a stride of 2 and the usual padding, Keras and JAX make 8
("same"), PyTorch with `padding=1` makes 7.
"""

kind = "difference"
symptoms = """ConvTranspose2d output_padding, Conv2DTranspose padding same; output shape
mismatch, deconvolution upsampling size"""
matters = """A decoder comes out one pixel short, and the `output_padding=1` that repairs the size
leaves everything shifted by one."""
remedy = "In PyTorch take no padding and cut one off at the end: `conv(x)[..., :8]`."
sources = [
    "torch/nn/modules/conv.py, ConvTranspose1d",
    "keras/src/layers/convolutional/conv1d_transpose.py, Conv1DTranspose",
    "jax/_src/lax/convolution.py, conv_transpose",
]
lessons = []

observed = {"torch": 7, "keras": 8, "jax": 8}
round_off = 1e-6  # float32, though these sums are exact


def torch():
    """(4 − 1)·2 − 2·padding + 3."""

    import torch

    def default():
        """The number of outputs of 4 inputs, with padding 1."""
        layer = torch.nn.ConvTranspose1d(1, 1, 3, stride=2, padding=1)
        return layer(torch.ones(1, 1, 4)).shape[-1]

    def matched():
        """1, 2, 3, 4 through the kernel 1, 10, 100, cut at the end."""
        x, kernel = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.tensor([[[1.0, 10.0, 100.0]]])
        return torch.nn.functional.conv_transpose1d(x, kernel, stride=2).flatten()[:8].tolist()

    return default, matched


def keras():
    """\"same\" is the number of inputs times the stride."""

    import keras
    import numpy as np

    def default():
        """The number of outputs of 4 inputs, with padding "same"."""
        layer = keras.layers.Conv1DTranspose(1, 3, strides=2, padding="same")
        return int(layer(np.ones((1, 4, 1), dtype="float32")).shape[1])

    def matched():
        """1, 2, 3, 4 through the kernel 1, 10, 100."""
        x = np.arange(1, 5, dtype="float32").reshape(1, 4, 1)
        kernel = np.array([1, 10, 100], dtype="float32").reshape(3, 1, 1)
        out = keras.ops.conv_transpose(x, kernel, strides=2, padding="same")
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, matched


def jax():
    """\"SAME\" is the number of inputs times the stride."""

    import jax
    import jax.numpy as jnp

    def default():
        """The number of outputs of 4 inputs, with padding "SAME"."""
        x, kernel = jnp.ones((1, 4, 1)), jnp.ones((3, 1, 1))
        return jax.lax.conv_transpose(x, kernel, (2,), "SAME").shape[1]

    def matched():
        """1, 2, 3, 4 through the kernel 1, 10, 100, oriented as in the other frameworks."""
        x = jnp.arange(1.0, 5.0).reshape(1, 4, 1)
        kernel = jnp.array([1.0, 10.0, 100.0]).reshape(3, 1, 1)
        out = jax.lax.conv_transpose(x, kernel, (2,), "SAME", transpose_kernel=True)
        return out.ravel().tolist()

    return default, matched
