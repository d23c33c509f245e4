"""Enlarging an image linearly: corners on corners, or pixels as squares

Two pixels, 0 and 1, become four. PyTorch's default and Keras take pixels for squares: 0, ¼, ¾, 1.
With `align_corners=True` the outer pixels are points that stay: 0, ⅓, ⅔, 1. TensorFlow's old
function starts both grids at the first pixel: 0, ½, 1, 1.
"""

kind = "difference"
symptoms = """F.interpolate nn.Upsample align_corners=True, resize bilinear align_corners,
half_pixel_centers, tf.compat.v1.image.resize_bilinear, tf.image.resize, UpSampling2D; segmentation
shifted by half a pixel, Default upsampling behavior when mode=bilinear is changed to
align_corners=False"""
matters = """A segmentation network that was trained with one grid loses accuracy at every border
with another."""
remedy = """`align_corners=False` in PyTorch and `tf.image.resize` in TensorFlow; for a network that
was trained with corners on corners, `tf.compat.v1.image.resize(…, align_corners=True)`."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.interpolate.html",
    "https://www.tensorflow.org/api_docs/python/tf/compat/v1/image/resize_bilinear",
]
lessons = []

observed = {
    "torch": [[0.0, 0.25, 0.75, 1.0], [0.0, 0.33333333, 0.66666667, 1.0]],
    "tensorflow": [[0.0, 0.5, 1.0, 1.0], [0.0, 0.33333333, 0.66666667, 1.0]],
    "keras": [[0.0, 0.25, 0.75, 1.0]],
}
round_off = 1e-6  # float32


def torch():
    """`interpolate` by default and with align_corners."""

    import torch

    X = torch.tensor([[[[0.0, 1.0]]]])

    def default():
        """[by default, with align_corners=True]."""
        return [resized(), resized(align_corners=True)]

    def matched():
        """By default."""
        return resized()

    def resized(**options):
        found = torch.nn.functional.interpolate(X, size=(1, 4), mode="bilinear", **options)
        return found.flatten().tolist()

    return default, matched


def tensorflow():
    """The old function by default and with align_corners, and the new one."""

    import tensorflow as tf

    X = tf.constant([[[[0.0], [1.0]]]])

    def default():
        """[the old one by default, with align_corners=True]."""
        old = tf.compat.v1.image.resize_bilinear
        both = old(X, (1, 4)), old(X, (1, 4), align_corners=True)
        return [tf.reshape(y, -1).numpy().tolist() for y in both]

    def matched():
        """By the new one."""
        return tf.reshape(tf.image.resize(X, (1, 4)), -1).numpy().tolist()

    return default, matched


def keras():
    """`ops.image.resize`, on every backend."""

    import keras
    import numpy as np

    X = np.array([[[[0.0], [1.0]]]], dtype="float32")

    def default():
        """[by default]."""
        return [matched()]

    def matched():
        """By default."""
        found = keras.ops.image.resize(X, (1, 4), data_format="channels_last")
        return keras.ops.convert_to_numpy(found).ravel().tolist()

    return default, matched
