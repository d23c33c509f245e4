"""A kernel for fewer channels than the image has

Four channels meet a kernel for two. TensorFlow and `keras.ops.conv` conclude that the convolution
has two groups: the first output looks at channels 0 and 1, the second at 2 and 3. PyTorch and JAX
raise an error unless the number of groups is stated.
"""

kind = "difference"
symptoms = """tf.nn.conv2d grouped by shape, groups, kernel with fewer input channels than the
image; no error"""
matters = """A kernel from the wrong layer, or with its axes turned the wrong way, is an error in
two frameworks; in the others it makes a network whose outputs see half of their inputs."""
remedy = "`groups=2` in PyTorch, `feature_group_count=2` in JAX, if it was meant."
sources = [
    "torch/nn/functional.py, conv1d, groups",
    "https://www.tensorflow.org/api_docs/python/tf/nn/conv2d (filters)",
    "keras/src/backend/jax/nn.py, conv, feature_group_count",
    "jax/_src/lax/convolution.py, conv_general_dilated, feature_group_count",
]
lessons = []

observed = {
    "torch": {"raises": "RuntimeError"},
    "tensorflow": [15.0, 51.0],
    "keras": [15.0, 51.0],
    "jax": {"raises": "ValueError"},
}
round_off = 1e-6  # float32, though these sums are exact


def torch():
    """An error."""

    import torch

    X, ONES = torch.arange(12.0).reshape(1, 4, 3), torch.ones(2, 2, 3)

    def default():
        """Two outputs for the channels 0 1 2, 3 4 5, 6 7 8, 9 10 11 and a kernel of ones."""
        return torch.nn.functional.conv1d(X, ONES).flatten().tolist()

    def matched():
        """In two groups."""
        return torch.nn.functional.conv1d(X, ONES, groups=2).flatten().tolist()

    return default, matched


def tensorflow():
    """Two groups, without a word."""

    import numpy as np
    import tensorflow as tf

    X = np.arange(12, dtype="float32").reshape(1, 4, 3).transpose(0, 2, 1)

    def default():
        """Two outputs for the channels 0 1 2, 3 4 5, 6 7 8, 9 10 11 and a kernel of ones."""
        return tf.nn.conv1d(X, tf.ones((3, 2, 2)), 1, "VALID").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """Two groups, on every backend."""

    import keras
    import numpy as np

    X = np.arange(12, dtype="float32").reshape(1, 4, 3).transpose(0, 2, 1)

    def default():
        """Two outputs for the channels 0 1 2, 3 4 5, 6 7 8, 9 10 11 and a kernel of ones."""
        out = keras.ops.conv(X, np.ones((3, 2, 2), dtype="float32"))
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """An error."""

    import jax
    import jax.numpy as jnp

    X, ONES = jnp.arange(12.0).reshape(1, 4, 3), jnp.ones((2, 2, 3))

    def default():
        """Two outputs for the channels 0 1 2, 3 4 5, 6 7 8, 9 10 11 and a kernel of ones."""
        return jax.lax.conv_general_dilated(X, ONES, (1,), "VALID").ravel().tolist()

    def matched():
        """In two groups."""
        conv = jax.lax.conv_general_dilated
        return conv(X, ONES, (1,), "VALID", feature_group_count=2).ravel().tolist()

    return default, matched
