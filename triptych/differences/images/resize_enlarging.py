"""Enlarging an image linearly: where the pixels lie

From 0, 1, 2 to six pixels, PyTorch's `interpolate`, `tf.image.resize`, Keras and `jax.image.resize`
all make 0, 0.25, 0.75, 1.25, 1.75, 2: a pixel is an area, and its number stands at its centre.
"""

kind = "agreement"
symptoms = """F.interpolate align_corners, half_pixel_centers, UpSampling2D bilinear, upsample
resize bilinear; tf.image.resize different from torch"""
matters = """`align_corners=True`, PyTorch's other choice, makes 0, 0.4, 0.8, … of them, as PyTorch
and TensorFlow 1 did by default once. Many papers and weights are from that time."""
remedy = "None is needed, unless `align_corners=True`, which the others do not have."
sources = [
    "torch/nn/functional.py, interpolate, align_corners",
    "https://www.tensorflow.org/api_docs/python/tf/image/resize",
    "keras/src/ops/image.py, resize",
    "jax/_src/image/scale.py, resize",
]
lessons = []

observed = {
    "torch": [0.0, 0.25, 0.75, 1.25, 1.75, 2.0],
    "tensorflow": [0.0, 0.25, 0.75, 1.25, 1.75, 2.0],
    "keras": [0.0, 0.25, 0.75, 1.25, 1.75, 2.0],
    "jax": [0.0, 0.25, 0.75, 1.25, 1.75, 2.0],
}
round_off = 1e-6  # float32


def torch():
    """By centres."""

    import torch

    def default():
        """A row of 0, 1, 2 as six pixels."""
        image = torch.arange(3.0).reshape(1, 1, 1, 3)
        function = torch.nn.functional.interpolate
        return function(image, size=(1, 6), mode="bilinear").flatten().tolist()

    return default


def tensorflow():
    """By centres."""

    import tensorflow as tf

    def default():
        """A row of 0, 1, 2 as six pixels."""
        image = tf.reshape(tf.range(3.0), (1, 1, 3, 1))
        return tf.image.resize(image, (1, 6)).numpy().ravel().tolist()

    return default


def keras():
    """By centres, on every backend."""

    import keras
    import numpy as np

    def default():
        """A row of 0, 1, 2 as six pixels."""
        image = np.arange(3, dtype="float32").reshape(1, 1, 3, 1)
        out = keras.ops.image.resize(image, (1, 6))
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default


def jax():
    """By centres."""

    import jax
    import jax.numpy as jnp

    def default():
        """A row of 0, 1, 2 as six pixels."""
        return jax.image.resize(jnp.arange(3.0).reshape(1, 3), (1, 6), "bilinear").ravel().tolist()

    return default
