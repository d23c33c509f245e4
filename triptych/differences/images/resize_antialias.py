"""Making an image smaller: with or without smoothing

`jax.image.resize` smooths before it drops pixels; PyTorch's `interpolate`, TensorFlow's
`image.resize` and Keras's do not by default.
"""

kind = "difference"
symptoms = """tf.image.resize antialias, F.interpolate antialias, torchvision resize differs
from PIL, downscale; FID differs"""
matters = """Without smoothing, fine patterns become false ones, and a network trained on one kind
of small images is tested on the other."""
remedy = "Set `antialias=True` or `False` in all of them."
sources = [
    "torch/nn/functional.py, interpolate",
    "tensorflow/python/ops/image_ops_impl.py, resize_images_v2",
    "keras/src/ops/image.py, resize",
    "jax/_src/image/scale.py, resize",
]
lessons = []

observed = {
    "torch": [0.8333334, 12.5, 38.16667],
    "tensorflow": [0.8333334, 12.5, 38.16667],
    "keras": [0.8333334, 12.5, 38.16667],
    "jax": [2.052632, 13.45238, 35.57895],
}
tolerance = 1e-5  # sums of float32 up to 50
round_off = 1e-5  # the same


def torch():
    """No smoothing."""

    import torch

    ROW = torch.arange(8.0).square().reshape(1, 1, 1, 8)

    def default():
        """The squares of 0 to 7, resized to three numbers."""
        small = torch.nn.functional.interpolate(ROW, size=(1, 3), mode="bilinear")
        return small.flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """No smoothing."""

    import tensorflow as tf

    def default():
        """The squares of 0 to 7, resized to three numbers."""
        row = tf.reshape(tf.range(8.0) ** 2, (1, 1, 8, 1))
        return tf.image.resize(row, (1, 3)).numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """No smoothing."""

    import keras
    import numpy as np

    def default():
        """The squares of 0 to 7, resized to three numbers."""
        row = np.arange(8, dtype="float32").reshape(1, 1, 8, 1) ** 2
        return keras.ops.convert_to_numpy(keras.ops.image.resize(row, (1, 3))).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """Smoothing."""

    import jax
    import jax.numpy as jnp

    ROW = jnp.arange(8.0) ** 2

    def default():
        """The squares of 0 to 7, resized to three numbers."""
        return jax.image.resize(ROW, (3,), "bilinear").tolist()

    def matched():
        """Without smoothing."""
        return jax.image.resize(ROW, (3,), "bilinear", antialias=False).tolist()

    return default, matched
