"""Bicubic: two kernels under one name

The cubic kernel has a parameter a. PyTorch takes −0.75, TensorFlow and JAX −0.5. Keras depends on
its backend, so one Keras model has two.
"""

kind = "difference"
symptoms = "bicubic interpolate resize difference, a=-0.75 -0.5, tf.image.resize bicubic, cv2"
matters = """Super-resolution networks are scored against bicubic enlargement, and gain or lose by
the choice of framework."""
remedy = """`antialias=True` makes PyTorch, and Keras on it, take −0.5; it does not smooth when
enlarging."""
sources = [
    "torch/nn/functional.py, interpolate",
    "tensorflow/python/ops/image_ops_impl.py, resize_images_v2",
    "keras/src/backend/torch/image.py, resize",
    "jax/_src/image/scale.py, resize",
]
lessons = []

observed = {
    "torch": [7.234375, 10.79688, 13.64062, 18.39062],
    "tensorflow": [7.5625, 10.5625, 14.0625, 18.0625],
    "keras": [7.5625, 10.5625, 14.0625, 18.0625],
    "keras-torch": [7.234375, 10.79688, 13.64062, 18.39062],
    "jax": [7.5625, 10.5625, 14.0625, 18.0625],
}
tolerance = 1e-5  # sums of float32 up to 50
round_off = 1e-5  # the same


def torch():
    """a = −0.75, but −0.5 with antialias."""

    import torch

    ROW = torch.arange(8.0).square().reshape(1, 1, 1, 8)

    def enlarged(**options):
        """Four of 16 numbers, from the squares of 0 to 7."""
        row = torch.nn.functional.interpolate(ROW, size=(1, 16), mode="bicubic", **options)
        return row.flatten()[6:10].tolist()

    def default():
        """The default."""
        return enlarged()

    def matched():
        """With the other kernel."""
        return enlarged(antialias=True)

    return default, matched


def tensorflow():
    """a = −0.5."""

    import tensorflow as tf

    def default():
        """Four of 16 numbers, from the squares of 0 to 7."""
        row = tf.reshape(tf.range(8.0) ** 2, (1, 1, 8, 1))
        return tf.image.resize(row, (1, 16), method="bicubic").numpy().ravel()[6:10].tolist()

    return default, default  # nothing to change


def keras():
    """a is the backend's."""

    import keras
    import numpy as np

    ROW = np.arange(8, dtype="float32").reshape(1, 1, 8, 1) ** 2

    def enlarged(**options):
        """Four of 16 numbers, from the squares of 0 to 7."""
        row = keras.ops.image.resize(ROW, (1, 16), interpolation="bicubic", **options)
        return keras.ops.convert_to_numpy(row).ravel()[6:10].tolist()

    def default():
        """The default."""
        return enlarged()

    def matched():
        """With the kernel that smoothing uses."""
        return enlarged(antialias=True)

    return default, matched


def jax():
    """a = −0.5."""

    import jax
    import jax.numpy as jnp

    def default():
        """Four of 16 numbers, from the squares of 0 to 7."""
        return jax.image.resize(jnp.arange(8.0) ** 2, (16,), "cubic")[6:10].tolist()

    return default, default  # nothing to change
