"""Max pooling over a NaN

The largest of NaN and 3 is NaN for every framework's `max` (see maximum_with_nan), and for
PyTorch's and JAX's max pooling. TensorFlow's pooling skips the NaN and gives 3; of a window of NaN
only it makes −3.4·10³⁸, the lowest float32. Keras does what its backend does.
"""

from math import nan

kind = "difference"
symptoms = "max pooling NaN disappears or spreads"
matters = """A NaN in an early layer turns the loss into NaN in PyTorch and JAX, where one looks for
it. In TensorFlow pooling hides it, and training continues with a broken layer."""
remedy = """Look for it: `tf.debugging.enable_check_numerics()`. Where windows do not overlap,
`tf.reduce_max` over a reshaped image keeps the NaN."""
sources = [
    "https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/core/kernels/maxpooling_op.cc",
    "torch/nn/modules/pooling.py, MaxPool1d",
    "jax/_src/lax/windowed_reductions.py, reduce_window",
]
lessons = []

observed = {
    "numpy": [nan, nan],
    "torch": [nan, nan],
    "tensorflow": [3.0, -3.4028235e38],
    "keras": [3.0, -3.4028235e38],
    "keras-torch": [nan, nan],
    "keras-jax": [nan, nan],
    "jax": [nan, nan],
}


def numpy():
    """The definition, with NumPy's `max`."""

    import numpy as np

    def default():
        """The largest of NaN and 3, and of NaN and NaN."""
        return np.array([[np.nan, 3.0], [np.nan, np.nan]]).max(axis=1).tolist()

    return default, default  # nothing to change


def torch():
    """NaN."""

    import torch

    def default():
        """The largest of NaN and 3, and of NaN and NaN."""
        x = torch.tensor([[[torch.nan, 3.0, torch.nan, torch.nan]]])
        return torch.nn.MaxPool1d(2)(x).flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """NaN is skipped."""

    import tensorflow as tf

    X = tf.reshape([float("nan"), 3.0, float("nan"), float("nan")], (1, 4, 1))

    def default():
        """The largest of NaN and 3, and of NaN and NaN."""
        pooled = tf.nn.max_pool1d(X, ksize=2, strides=2, padding="VALID")
        return pooled.numpy().ravel().tolist()

    def matched():
        """By the maximum along an axis of windows."""
        return tf.reduce_max(tf.reshape(X, (1, 2, 2, 1)), axis=2).numpy().ravel().tolist()

    return default, matched


def keras():
    """It depends on the backend."""

    import keras
    import numpy as np

    X = np.array([np.nan, 3, np.nan, np.nan], dtype="float32").reshape(1, 4, 1)

    def default():
        """The largest of NaN and 3, and of NaN and NaN."""
        return keras.ops.convert_to_numpy(keras.layers.MaxPooling1D(2)(X)).ravel().tolist()

    def matched():
        """By the maximum along an axis of windows."""
        out = keras.ops.max(X.reshape(1, 2, 2, 1), axis=2)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, matched


def jax():
    """NaN."""

    import jax
    import jax.numpy as jnp

    def default():
        """The largest of NaN and 3, and of NaN and NaN."""
        x = jnp.array([jnp.nan, 3.0, jnp.nan, jnp.nan])
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (2,), (2,), "VALID").tolist()

    return default, default  # nothing to change
