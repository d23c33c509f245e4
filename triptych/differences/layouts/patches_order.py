"""The order of the numbers in a patch: by channel or by pixel

A patch is a window of an image as one row. Of 2 × 2 pixels with the channels 0 1 2 3 and 4 5 6 7,
PyTorch's `unfold` and JAX's `conv_general_dilated_patches` list the first channel, then the second.
TensorFlow's and Keras's `extract_patches` list the pixels: 0, 4, 1, 5, ….
"""

kind = "difference"
symptoms = "tf.image.extract_patches, F.unfold, im2col, ViT patch embedding order; rearrange"
matters = """A convolution is a product of patches and a kernel, and a vision transformer begins
with one. The kernel's rows follow the order of the patch, and no shape tells them apart."""
remedy = """In PyTorch, `unfold(x, size).reshape(n, channels, pixels, places).transpose(1, 2)`. In
JAX it stays by channel also where the image has its channels last."""
sources = [
    "torch/nn/functional.py, unfold",
    "https://www.tensorflow.org/api_docs/python/tf/image/extract_patches",
    "keras/src/ops/image.py, extract_patches",
    "jax/_src/lax/other.py, conv_general_dilated_patches",
]
lessons = []

observed = {
    "torch": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
    "tensorflow": [0.0, 4.0, 1.0, 5.0, 2.0, 6.0, 3.0, 7.0],
    "keras": [0.0, 4.0, 1.0, 5.0, 2.0, 6.0, 3.0, 7.0],
    "jax": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0],
}
round_off = 1e-6  # Keras and JAX extract patches by a convolution, in float32


def torch():
    """By channel."""

    import torch

    IMAGE = torch.arange(8.0).reshape(1, 2, 2, 2)

    def default():
        """The one patch of two channels of 2 × 2 pixels."""
        return torch.nn.functional.unfold(IMAGE, 2).flatten().tolist()

    def matched():
        """By pixel."""
        patch = torch.nn.functional.unfold(IMAGE, 2)
        return patch.reshape(1, 2, 4, 1).transpose(1, 2).flatten().tolist()

    return default, matched


def tensorflow():
    """By pixel."""

    import numpy as np
    import tensorflow as tf

    IMAGE = np.arange(8, dtype="float32").reshape(1, 2, 2, 2).transpose(0, 2, 3, 1)

    def default():
        """The one patch of two channels of 2 × 2 pixels."""
        size, one = [1, 2, 2, 1], [1, 1, 1, 1]
        return tf.image.extract_patches(IMAGE, size, one, one, "VALID").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """By pixel, on every backend."""

    import keras
    import numpy as np

    IMAGE = np.arange(8, dtype="float32").reshape(1, 2, 2, 2).transpose(0, 2, 3, 1)

    def default():
        """The one patch of two channels of 2 × 2 pixels."""
        patches = keras.ops.image.extract_patches(IMAGE, 2)
        return keras.ops.convert_to_numpy(patches).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """By channel."""

    import jax
    import jax.numpy as jnp

    IMAGE = jnp.arange(8.0).reshape(1, 2, 2, 2)

    def default():
        """The one patch of two channels of 2 × 2 pixels."""
        patches = jax.lax.conv_general_dilated_patches(IMAGE, (2, 2), (1, 1), "VALID")
        return patches.ravel().tolist()

    def matched():
        """By pixel."""
        patches = jax.lax.conv_general_dilated_patches(IMAGE, (2, 2), (1, 1), "VALID")
        return patches.reshape(1, 2, 4, 1).swapaxes(1, 2).ravel().tolist()

    return default, matched
