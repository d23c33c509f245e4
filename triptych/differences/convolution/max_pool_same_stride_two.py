"""Max pooling with a window of 3 and a stride of 2: where the windows start

PyTorch's `padding=1` starts one place before the numbers. "same" in TensorFlow, Keras and JAX pads
4 numbers at the end only, so it starts with the first. Of 1, 2, 3, 4 the one gives 2 and 4, the
other 3 and 4.
"""

kind = "difference"
symptoms = """MaxPool2d kernel 3 stride 2 padding 1, MaxPooling2D same, ResNet stem shifted by
one pixel"""
matters = """It is the first pooling of every ResNet, on images of an even size. Shapes agree, but
each map is shifted by one pixel for all layers that follow."""
remedy = """Pad by hand, then pool without padding: by −∞ at the end in PyTorch, or on both sides
elsewhere. Keras's own ResNets have a `ZeroPadding2D` before the pooling for this reason; zeros are
right only behind a relu."""
sources = [
    "torch/nn/modules/pooling.py, MaxPool1d",
    "https://www.tensorflow.org/api_docs/python/tf/nn (notes on padding)",
    "keras/src/applications/resnet.py, pool1_pad",
    "jax/_src/lax/windowed_reductions.py, reduce_window",
]
lessons = []

observed = {
    "torch": [2.0, 4.0],
    "tensorflow": [3.0, 4.0],
    "keras": [3.0, 4.0],
    "jax": [3.0, 4.0],
}


def torch():
    """One place at both ends."""

    import torch

    X = torch.arange(1.0, 5.0).reshape(1, 1, 4)

    def default():
        """1, 2, 3, 4, with `padding=1`."""
        return torch.nn.MaxPool1d(3, stride=2, padding=1)(X).flatten().tolist()

    def matched():
        """With one place at the end."""
        padded = torch.nn.functional.pad(X, (0, 1), value=-torch.inf)
        return torch.nn.MaxPool1d(3, stride=2)(padded).flatten().tolist()

    return default, matched


def tensorflow():
    """One place at the end."""

    import tensorflow as tf

    def default():
        """1, 2, 3, 4, with padding "SAME"."""
        x = tf.reshape(tf.range(1.0, 5.0), (1, 4, 1))
        return tf.nn.max_pool1d(x, ksize=3, strides=2, padding="SAME").numpy().ravel().tolist()

    return default, default  # nothing to change


def keras():
    """One place at the end, on every backend."""

    import keras
    import numpy as np

    def default():
        """1, 2, 3, 4, with padding "same"."""
        x = np.arange(1, 5, dtype="float32").reshape(1, 4, 1)
        out = keras.layers.MaxPooling1D(3, strides=2, padding="same")(x)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, default  # nothing to change


def jax():
    """One place at the end."""

    import jax
    import jax.numpy as jnp

    def default():
        """1, 2, 3, 4, with padding "SAME"."""
        x = jnp.arange(1.0, 5.0)
        return jax.lax.reduce_window(x, -jnp.inf, jax.lax.max, (3,), (2,), "SAME").tolist()

    return default, default  # nothing to change
