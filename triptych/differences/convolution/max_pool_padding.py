"""Max pooling pads with minus infinity

A window that reaches over the border takes its maximum over the real pixels only, in PyTorch,
TensorFlow and Keras: negative numbers stay negative.
"""

kind = "agreement"
symptoms = "nn.MaxPool2d padding, MaxPooling2D padding same, negative inputs at the border"
matters = """Convolutions are padded with zeros, and one might expect the same here; zeros would win
against every negative number."""
remedy = "None is needed; padding by hand must use −∞."
sources = [
    "torch/nn/modules/pooling.py, MaxPool1d",
    "tensorflow/python/ops/nn_ops.py, max_pool1d",
    "keras/src/ops/nn.py, max_pool",
]
lessons = []

observed = {
    "torch": [-1.0, -1.0, -2.0],
    "tensorflow": [-1.0, -1.0, -2.0],
    "keras": [-1.0, -1.0, -2.0],
}


def torch():
    """The padding is −∞, implicitly."""

    import torch

    def default():
        """The maxima of three neighbours in −1, −2, −3."""
        x = torch.tensor([[[-1.0, -2.0, -3.0]]])
        return torch.nn.MaxPool1d(3, stride=1, padding=1)(x).flatten().tolist()

    return default


def tensorflow():
    """The padding never wins."""

    import tensorflow as tf

    def default():
        """The maxima of three neighbours in −1, −2, −3."""
        x = tf.reshape([-1.0, -2.0, -3.0], (1, 3, 1))
        return tf.nn.max_pool1d(x, ksize=3, strides=1, padding="SAME").numpy().ravel().tolist()

    return default


def keras():
    """The padding never wins, on any backend."""

    import keras
    import numpy as np

    def default():
        """The maxima of three neighbours in −1, −2, −3."""
        x = np.array([-1.0, -2.0, -3.0], dtype="float32").reshape(1, 3, 1)
        out = keras.layers.MaxPooling1D(3, strides=1, padding="same")(x)
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default
