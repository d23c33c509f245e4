"""A transposed convolution's kernel: the inputs change places

From 2 channels to 4 with a window of 3 × 3, PyTorch's `ConvTranspose2d` stores (inputs, outputs,
height, width), not (outputs, inputs, …) as `Conv2d` does. TensorFlow and Keras swap the two as
well, to (height, width, outputs, inputs); `jax.lax.conv_transpose` does not.
"""

kind = "difference"
symptoms = """ConvTranspose2d weight (in, out, h, w), Conv2DTranspose kernel (h, w, out, in),
deconvolution weights convert"""
matters = """Code that takes a PyTorch kernel's first axis for the outputs, to draw or to prune it,
gets the inputs; and a kernel copied into JAX mixes the channels silently where a layer has as many
outputs as inputs."""
remedy = """`kernel.transpose(3, 2, 0, 1)` takes a Keras kernel to PyTorch, as for `Conv2d`: both
pairs are swapped. In JAX, `transpose_kernel=True` takes Keras's kernel as it is."""
sources = [
    "torch/nn/modules/conv.py, ConvTranspose2d",
    "tensorflow/python/ops/nn_ops.py, conv2d_transpose_v2",
    "keras/src/layers/convolutional/base_conv_transpose.py, BaseConvTranspose",
    "jax/_src/lax/convolution.py, conv_transpose, transpose_kernel",
]
lessons = []

observed = {
    "torch": [2, 4, 3, 3],
    "tensorflow": [3, 3, 4, 2],
    "keras": [3, 3, 4, 2],
    "jax": [3, 3, 2, 4],
}
round_off = 1e-6  # float32, though these sums of small integers are exact


def torch():
    """`nn.ConvTranspose2d` stores (inputs, outputs, height, width)."""

    import numpy as np
    import torch

    def default():
        """The kernel's shape for 2 channels in, 4 out and a window of 3 × 3."""
        return list(torch.nn.ConvTranspose2d(2, 4, 3).weight.shape)

    def matched():
        """A pixel (1, 10) through a kernel that was stored as Keras's."""
        kernel = np.arange(12, dtype="float32").reshape(1, 2, 3, 2)
        turned = torch.from_numpy(kernel.transpose(3, 2, 0, 1))
        pixel = torch.tensor([1.0, 10.0]).reshape(1, 2, 1, 1)
        out = torch.nn.functional.conv_transpose2d(pixel, turned)
        return out.permute(0, 2, 3, 1).flatten().tolist()

    return default, matched


def tensorflow():
    """`tf.nn.conv2d_transpose` wants (height, width, outputs, inputs)."""

    import numpy as np
    import tensorflow as tf

    def outputs(pixel, kernel):
        """What one pixel becomes."""
        shape = (1, *kernel.shape[:3])
        return tf.nn.conv2d_transpose(pixel, kernel, shape, strides=1, padding="VALID")

    def default():
        """The shape of kernel that 2 channels in, 4 out and a window of 3 × 3 need."""
        kernel = tf.zeros((3, 3, 4, 2))
        outputs(tf.zeros((1, 1, 1, 2)), kernel)
        return list(kernel.shape)

    def matched():
        """A pixel (1, 10) through a kernel of this layout."""
        kernel = np.arange(12, dtype="float32").reshape(1, 2, 3, 2)
        return outputs(tf.reshape([1.0, 10.0], (1, 1, 1, 2)), kernel).numpy().ravel().tolist()

    return default, matched


def keras():
    """`Conv2DTranspose` stores (height, width, outputs, inputs), on every backend."""

    import keras
    import numpy as np

    def default():
        """The kernel's shape for 2 channels in, 4 out and a window of 3 × 3."""
        layer = keras.layers.Conv2DTranspose(4, 3)
        layer.build((None, 8, 8, 2))
        return list(layer.kernel.shape)

    def matched():
        """A pixel (1, 10) through a kernel of this layout."""
        kernel = np.arange(12, dtype="float32").reshape(1, 2, 3, 2)
        pixel = np.array([1, 10], dtype="float32").reshape(1, 1, 1, 2)
        out = keras.ops.conv_transpose(pixel, kernel, strides=1)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, matched


def jax():
    """`jax.lax.conv_transpose` wants (height, width, inputs, outputs) unless told otherwise."""

    import jax
    import jax.numpy as jnp

    def default():
        """The shape of kernel that 2 channels in, 4 out and a window of 3 × 3 need."""
        kernel = jnp.zeros((3, 3, 2, 4))
        jax.lax.conv_transpose(jnp.zeros((1, 1, 1, 2)), kernel, (1, 1), "VALID")
        return list(kernel.shape)

    def matched():
        """A pixel (1, 10) through a kernel that was stored as Keras's."""
        kernel = jnp.arange(12.0).reshape(1, 2, 3, 2)
        pixel = jnp.array([1.0, 10.0]).reshape(1, 1, 1, 2)
        out = jax.lax.conv_transpose(pixel, kernel, (1, 1), "VALID", transpose_kernel=True)
        return out.ravel().tolist()

    return default, matched
