"""A convolution's kernel: OIHW or HWIO

PyTorch stores a kernel as (outputs, inputs, height, width), and `jax.lax.conv` expects it so;
TensorFlow and Keras have (height, width, inputs, outputs).
"""

kind = "difference"
symptoms = """conv2d weights HWIO OIHW, convert conv weights, Layer weight shape not compatible
with provided weight shape; get_weights, state_dict transpose(3, 2, 0, 1)"""
matters = """Weights from another framework must be turned, and a wrong order of the same size, such
as width before height, raises no error."""
remedy = """`kernel.transpose(3, 2, 0, 1)` takes a TensorFlow kernel to PyTorch,
`kernel.transpose(2, 3, 1, 0)` takes it back."""
sources = [
    "torch/nn/modules/conv.py, Conv2d",
    "keras/src/layers/convolutional/base_conv.py, BaseConv, kernel_shape",
    "tensorflow/python/ops/nn_ops.py, conv2d_v2",
    "jax/_src/lax/convolution.py, conv",
]
lessons = [7]

observed = {
    "numpy": [2, 3, 2, 4],
    "torch": [4, 2, 2, 3],
    "tensorflow": [2, 3, 2, 4],
    "keras": [2, 3, 2, 4],
    "jax": [4, 2, 2, 3],
}
round_off = 1e-6  # float32, though these sums of small integers are exact


def numpy():
    """The definition: the kernel slides, products are summed over window and inputs."""

    import numpy as np

    IMAGE = np.arange(2 * 3 * 3).reshape(2, 3, 3) % 5  # (inputs, height, width)
    KERNEL = np.arange(2 * 3 * 2 * 4).reshape(2, 3, 2, 4) % 7  # (height, width, inputs, outputs)

    def matched():
        """Two rows and one column of places, four outputs each."""
        image = IMAGE.transpose(1, 2, 0)  # (rows, columns, inputs)
        windows = [image[row : row + 2] for row in range(2)]  # (2, 3, inputs)
        return [float(v) for w in windows for v in np.einsum("hwi,hwio->o", w, KERNEL)]

    def default():
        """The shape in this definition, that of TensorFlow."""
        return list(KERNEL.shape)

    return default, matched


def torch():
    """`nn.Conv2d` stores (outputs, inputs, height, width)."""

    import numpy as np
    import torch

    def default():
        """The kernel's shape for 2 channels in, 4 out and a window of 2 × 3."""
        return list(torch.nn.Conv2d(2, 4, (2, 3)).weight.shape)

    def matched():
        """A small image through a kernel that was stored as (height, width, inputs, outputs)."""
        image = (torch.arange(18.0) % 5).reshape(1, 2, 3, 3)
        kernel = (np.arange(48, dtype="float32") % 7).reshape(2, 3, 2, 4)
        out = torch.nn.functional.conv2d(image, torch.from_numpy(kernel.transpose(3, 2, 0, 1)))
        return out.permute(0, 2, 3, 1).flatten().tolist()

    return default, matched


def tensorflow():
    """`tf.nn.conv2d` wants (height, width, inputs, outputs)."""

    import numpy as np
    import tensorflow as tf

    def default():
        """The shape of kernel that 2 channels in, 4 out and a window of 2 × 3 need."""
        kernel = tf.zeros((2, 3, 2, 4))
        tf.nn.conv2d(tf.zeros((1, 3, 3, 2)), kernel, strides=1, padding="VALID")
        return list(kernel.shape)

    def matched():
        """A small image through a kernel of this layout."""
        image = (np.arange(18, dtype="float32") % 5).reshape(1, 2, 3, 3).transpose(0, 2, 3, 1)
        kernel = (np.arange(48, dtype="float32") % 7).reshape(2, 3, 2, 4)
        return tf.nn.conv2d(image, kernel, strides=1, padding="VALID").numpy().ravel().tolist()

    return default, matched


def keras():
    """`Conv2D` stores (height, width, inputs, outputs), on every backend."""

    import keras
    import numpy as np

    def default():
        """The kernel's shape for 2 channels in, 4 out and a window of 2 × 3."""
        layer = keras.layers.Conv2D(4, (2, 3))
        layer.build((None, 3, 3, 2))
        return list(layer.kernel.shape)

    def matched():
        """A small image through a kernel of this layout."""
        image = (np.arange(18, dtype="float32") % 5).reshape(1, 2, 3, 3).transpose(0, 2, 3, 1)
        kernel = (np.arange(48, dtype="float32") % 7).reshape(2, 3, 2, 4)
        return keras.ops.convert_to_numpy(keras.ops.conv(image, kernel)).ravel().tolist()

    return default, matched


def jax():
    """`jax.lax.conv` is the one without a say in the layout: (outputs, inputs, height, width)."""

    import jax
    import jax.numpy as jnp

    def default():
        """The shape of kernel that 2 channels in, 4 out and a window of 2 × 3 need."""
        kernel = jnp.zeros((4, 2, 2, 3))
        jax.lax.conv(jnp.zeros((1, 2, 3, 3)), kernel, (1, 1), "VALID")
        return list(kernel.shape)

    def matched():
        """A small image through a kernel that was stored as (height, width, inputs, outputs)."""
        image = (jnp.arange(18.0) % 5).reshape(1, 2, 3, 3)
        kernel = (jnp.arange(48.0) % 7).reshape(2, 3, 2, 4)
        out = jax.lax.conv(image, kernel.transpose(3, 2, 0, 1), (1, 1), "VALID")
        return out.transpose(0, 2, 3, 1).ravel().tolist()

    return default, matched
