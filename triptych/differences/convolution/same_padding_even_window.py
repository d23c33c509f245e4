"""Padding "same" with a window of two

A window of two has no centre, so the one zero goes to the start or to the end. PyTorch, TensorFlow,
Keras and `jax.lax.conv` put it at the end, NumPy's `convolve` and `correlate` at the start, and
JAX's copies of these two do as NumPy does.
"""

kind = "difference"
symptoms = "padding same, even kernel size 2 or 4, which side is padded, asymmetric padding"
matters = """A filter that was checked against NumPy comes out shifted by one place, in a result of
the right length."""
remedy = """Pad by hand and ask for no more padding: `np.correlate(np.pad(x, (0, 1)), kernel,
"valid")` is what the layers compute."""
sources = [
    "https://numpy.org/doc/stable/reference/generated/numpy.convolve.html",
    "torch/nn/modules/conv.py, _ConvNd",
    "https://www.tensorflow.org/api_docs/python/tf/nn (notes on padding)",
    "keras/src/ops/nn.py, conv",
    "jax/_src/lax/convolution.py, conv",
]
lessons = []

observed = {
    "numpy": [1.0, 3.0, 5.0, 7.0],
    "torch": [3.0, 5.0, 7.0, 4.0],
    "tensorflow": [3.0, 5.0, 7.0, 4.0],
    "keras": [3.0, 5.0, 7.0, 4.0],
    "jax": [3.0, 5.0, 7.0, 4.0],
}
round_off = 1e-6  # float32, though these sums are exact


def numpy():
    """The zero is put at the start."""

    import numpy as np

    X, ONES = np.arange(1.0, 5.0), np.ones(2)

    def default():
        """Sums of two of 1, 2, 3, 4, as many as there are numbers."""
        return np.correlate(X, ONES, mode="same").tolist()

    def matched():
        """With a zero put at the end."""
        return np.correlate(np.pad(X, (0, 1)), ONES, mode="valid").tolist()

    return default, matched


def torch():
    """The zero is put at the end."""

    import torch

    def default():
        """Sums of two of 1, 2, 3, 4, as many as there are numbers."""
        x, ones = torch.arange(1.0, 5.0).reshape(1, 1, 4), torch.ones(1, 1, 2)
        return torch.nn.functional.conv1d(x, ones, padding="same").flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """The zero is put at the end."""

    import tensorflow as tf

    def default():
        """Sums of two of 1, 2, 3, 4, as many as there are numbers."""
        x, ones = tf.reshape(tf.range(1.0, 5.0), (1, 4, 1)), tf.ones((2, 1, 1))
        return tf.nn.conv1d(x, ones, stride=1, padding="SAME").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """The zero is put at the end, on every backend."""

    import keras
    import numpy as np

    def default():
        """Sums of two of 1, 2, 3, 4, as many as there are numbers."""
        x, ones = np.arange(1, 5, dtype="float32").reshape(1, 4, 1), np.ones((2, 1, 1), "float32")
        out = keras.ops.conv(x, ones, padding="same")
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """`jax.lax.conv` puts it at the end, `jnp.convolve` at the start."""

    import jax
    import jax.numpy as jnp

    def default():
        """Sums of two of 1, 2, 3, 4, as many as there are numbers."""
        x, ones = jnp.arange(1.0, 5.0).reshape(1, 1, 4), jnp.ones((1, 1, 2))
        return jax.lax.conv(x, ones, (1,), "SAME").ravel().tolist()

    return default, default  # nothing to change
