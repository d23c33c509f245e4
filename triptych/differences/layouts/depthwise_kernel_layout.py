"""A depthwise convolution's kernel: (outputs, 1, …) or (…, inputs, multiplier)

For 3 channels with 2 outputs each and a window of 5 × 5, PyTorch stores (6, 1, 5, 5), TensorFlow
and Keras (5, 5, 3, 2). The outputs are in the same order: both of the first channel come first.
"""

kind = "difference"
symptoms = """DepthwiseConv2D weights, groups=in_channels, depth_multiplier, SeparableConv2D,
convert depthwise"""
matters = """The transposition of ordinary kernels, (3, 2, 0, 1), gives (2, 3, 5, 5), and a reshape
of that to PyTorch's (6, 1, 5, 5) mixes the channels without an error."""
remedy = """`kernel.transpose(2, 3, 0, 1).reshape(-1, 1, height, width)` takes a TensorFlow kernel
to PyTorch, and to JAX with `feature_group_count`."""
sources = [
    "torch/nn/modules/conv.py, Conv2d, groups",
    "tensorflow/python/ops/nn_impl.py, depthwise_conv2d_v2",
    "keras/src/layers/convolutional/base_depthwise_conv.py, BaseDepthwiseConv",
    "jax/_src/lax/convolution.py, conv_general_dilated, feature_group_count",
]
lessons = []

observed = {
    "torch": [6, 1, 5, 5],
    "tensorflow": [5, 5, 3, 2],
    "keras": [5, 5, 3, 2],
    "jax": [6, 1, 5, 5],
}
round_off = 1e-6  # float32, though these sums of small integers are exact


def torch():
    """It is a convolution with as many groups as channels."""

    import numpy as np
    import torch

    def default():
        """The kernel's shape for 3 channels with 2 outputs each and a window of 5 × 5."""
        return list(torch.nn.Conv2d(3, 6, 5, groups=3).weight.shape)

    def matched():
        """Two pixels (1, 10), (100, 1000) through a kernel stored as TensorFlow's."""
        kernel = np.arange(8, dtype="float32").reshape(1, 2, 2, 2)
        turned = torch.from_numpy(kernel.transpose(2, 3, 0, 1).reshape(4, 1, 1, 2))
        image = torch.tensor([[1.0, 100.0], [10.0, 1000.0]]).reshape(1, 2, 1, 2)
        return torch.nn.functional.conv2d(image, turned, groups=2).flatten().tolist()

    return default, matched


def tensorflow():
    """`tf.nn.depthwise_conv2d` wants (height, width, inputs, multiplier)."""

    import numpy as np
    import tensorflow as tf

    def outputs(image, kernel):
        """Every pixel with its window."""
        return tf.nn.depthwise_conv2d(image, kernel, strides=(1, 1, 1, 1), padding="VALID")

    def default():
        """The shape of kernel that 3 channels with 2 outputs each and a window of 5 × 5 need."""
        kernel = tf.zeros((5, 5, 3, 2))
        assert outputs(tf.zeros((1, 5, 5, 3)), kernel).shape[-1] == 6
        return list(kernel.shape)

    def matched():
        """Two pixels (1, 10), (100, 1000) through a kernel of this layout."""
        kernel = np.arange(8, dtype="float32").reshape(1, 2, 2, 2)
        image = np.array([1, 10, 100, 1000], dtype="float32").reshape(1, 1, 2, 2)
        return outputs(image, kernel).numpy().ravel().tolist()

    return default, matched


def keras():
    """`DepthwiseConv2D` stores (height, width, inputs, multiplier), on every backend."""

    import keras
    import numpy as np

    def default():
        """The kernel's shape for 3 channels with 2 outputs each and a window of 5 × 5."""
        layer = keras.layers.DepthwiseConv2D(5, depth_multiplier=2)
        layer.build((None, 8, 8, 3))
        return list(layer.kernel.shape)

    def matched():
        """Two pixels (1, 10), (100, 1000) through a kernel of this layout."""
        kernel = np.arange(8, dtype="float32").reshape(1, 2, 2, 2)
        image = np.array([1, 10, 100, 1000], dtype="float32").reshape(1, 1, 2, 2)
        out = keras.ops.depthwise_conv(image, kernel)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, matched


def jax():
    """It is a convolution with as many groups as channels, here in the layout of `jax.lax.conv`."""

    import jax
    import jax.numpy as jnp

    def outputs(image, kernel):
        """Every pixel with its window, in one group for each channel."""
        groups = image.shape[1]
        return jax.lax.conv_general_dilated(
            image, kernel, (1, 1), "VALID", feature_group_count=groups
        )

    def default():
        """The shape of kernel that 3 channels with 2 outputs each and a window of 5 × 5 need."""
        kernel = jnp.zeros((6, 1, 5, 5))
        assert outputs(jnp.zeros((1, 3, 5, 5)), kernel).shape[1] == 6
        return list(kernel.shape)

    def matched():
        """Two pixels (1, 10), (100, 1000) through a kernel stored as TensorFlow's."""
        kernel = jnp.arange(8.0).reshape(1, 2, 2, 2).transpose(2, 3, 0, 1).reshape(4, 1, 1, 2)
        image = jnp.array([[1.0, 100.0], [10.0, 1000.0]]).reshape(1, 2, 1, 2)
        return outputs(image, kernel).ravel().tolist()

    return default, matched
