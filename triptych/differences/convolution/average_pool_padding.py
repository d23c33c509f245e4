"""Average pooling at the border: whether the zeros count

PyTorch and Flax divide by the size of the window, padding included; TensorFlow and Keras divide by
the number of real pixels in it. Of a row of threes, PyTorch and Flax make 2 at both ends.
"""

kind = "difference"
symptoms = """nn.AvgPool2d count_include_pad, AveragePooling2D padding same; smaller values at the
border; flax nn.avg_pool count_include_pad"""
matters = """The borders of feature maps are darker in PyTorch and Flax, in every network that pools
with padding."""
remedy = "`count_include_pad=False` in PyTorch and Flax."
sources = [
    "torch/nn/modules/pooling.py, AvgPool1d, count_include_pad",
    "tensorflow/python/ops/nn_ops.py, avg_pool1d",
    "keras/src/ops/nn.py, average_pool",
    "flax/linen/pooling.py, avg_pool, count_include_pad",
]
lessons = []

observed = {
    "torch": [2.0, 3.0, 2.0],
    "tensorflow": [3.0, 3.0, 3.0],
    "keras": [3.0, 3.0, 3.0],
    "jax": [2.0, 3.0, 2.0],
}
round_off = 1e-6  # float32 by default


def torch():
    """Padding counts."""

    import torch

    X = torch.full((1, 1, 3), 3.0)

    def default():
        """The means of three neighbours in a row of threes, padded by one."""
        return torch.nn.AvgPool1d(3, stride=1, padding=1)(X).flatten().tolist()

    def matched():
        """The same without counting the padding."""
        pool = torch.nn.AvgPool1d(3, stride=1, padding=1, count_include_pad=False)
        return pool(X).flatten().tolist()

    return default, matched


def tensorflow():
    """Padding does not count."""

    import tensorflow as tf

    def default():
        """The means of three neighbours in a row of threes, padded by one."""
        x = tf.fill((1, 3, 1), 3.0)
        return tf.nn.avg_pool1d(x, ksize=3, strides=1, padding="SAME").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """Padding does not count, on any backend."""

    import keras
    import numpy as np

    def default():
        """The means of three neighbours in a row of threes, padded by one."""
        pool = keras.layers.AveragePooling1D(3, strides=1, padding="same")
        out = pool(np.full((1, 3, 1), 3.0, dtype="float32"))
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """Padding counts, in Flax."""

    import flax.linen as nn
    import jax.numpy as jnp

    X = jnp.full((1, 3, 1), 3.0)

    def default():
        """The means of three neighbours in a row of threes, padded by one."""
        return nn.avg_pool(X, (3,), padding="SAME").ravel().tolist()

    def matched():
        """The same without counting the padding."""
        return nn.avg_pool(X, (3,), padding="SAME", count_include_pad=False).ravel().tolist()

    return default, matched
