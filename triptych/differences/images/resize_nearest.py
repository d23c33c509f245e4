"""The nearest pixel

From 8 pixels to 3, PyTorch's mode "nearest" takes pixels 0, 2 and 5; TensorFlow, Keras and JAX take
1, 4 and 6, whose centres are the nearest.
"""

kind = "difference"
symptoms = """nearest neighbour interpolate, nearest-exact, tf.image.resize nearest,
UpSampling2D"""
matters = """Masks of a segmentation are resized this way, and shift against their images by up to a
pixel."""
remedy = '`mode="nearest-exact"` in PyTorch.'
sources = [
    "torch/nn/functional.py, interpolate",
    "tensorflow/python/ops/image_ops_impl.py, resize_images_v2",
    "keras/src/ops/image.py, resize",
    "jax/_src/image/scale.py, resize",
]
lessons = []

observed = {
    "torch": [0.0, 2.0, 5.0],
    "tensorflow": [1.0, 4.0, 6.0],
    "keras": [1.0, 4.0, 6.0],
    "jax": [1.0, 4.0, 6.0],
}


def torch():
    """The one at or before the corner."""

    import torch

    ROW = torch.arange(8.0).reshape(1, 1, 1, 8)

    def default():
        """Which of 8 pixels are taken for 3."""
        return torch.nn.functional.interpolate(ROW, size=(1, 3), mode="nearest").flatten().tolist()

    def matched():
        """By centres."""
        small = torch.nn.functional.interpolate(ROW, size=(1, 3), mode="nearest-exact")
        return small.flatten().tolist()

    return default, matched


def tensorflow():
    """By centres."""

    import tensorflow as tf

    def default():
        """Which of 8 pixels are taken for 3."""
        row = tf.reshape(tf.range(8.0), (1, 1, 8, 1))
        return tf.image.resize(row, (1, 3), method="nearest").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """By centres, also on PyTorch."""

    import keras
    import numpy as np

    def default():
        """Which of 8 pixels are taken for 3."""
        row = np.arange(8, dtype="float32").reshape(1, 1, 8, 1)
        small = keras.ops.image.resize(row, (1, 3), interpolation="nearest")
        return keras.ops.convert_to_numpy(small).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """By centres."""

    import jax
    import jax.numpy as jnp

    def default():
        """Which of 8 pixels are taken for 3."""
        return jax.image.resize(jnp.arange(8.0), (3,), "nearest").tolist()

    return default, default  # nothing to change
