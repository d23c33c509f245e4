"""Normalising a very short vector to length 1

Each framework protects the division by the length differently: PyTorch's `normalize` divides by at
least 1e-12, Keras's by at least 1e-7, TensorFlow's by the root of at least 1e-12, which is 1e-6. A
vector of length 1e-9 comes out of length 1, 0.01 and 0.001.
"""

kind = "difference"
symptoms = "F.normalize eps, tf.math.l2_normalize epsilon, UnitNormalization, zero vector NaN"
matters = """Embeddings right after a small initialisation, or of rare words, are short; and the
constant 1e-12 means a million times less in PyTorch than in TensorFlow."""
remedy = """Set the floor: `eps=1e-6` in PyTorch and `epsilon=1e-6` in Keras for what TensorFlow
calls `epsilon=1e-12`."""
sources = [
    "torch/nn/functional.py, normalize",
    "tensorflow/python/ops/nn_impl.py, l2_normalize",
    "keras/src/ops/nn.py, normalize",
]
lessons = []

observed = {"torch": 1.0, "tensorflow": 0.0009999999, "keras": 0.01}
round_off = 1e-6  # float32 by default


def torch():
    """`normalize` divides by max(length, 1e-12)."""

    import torch

    X = torch.tensor([1e-9, 0.0])

    def default():
        """The length of a vector of length 1e-9 after normalisation."""
        return torch.nn.functional.normalize(X, dim=0)[0].item()

    def matched():
        """With a floor of 1e-6 under the length."""
        return torch.nn.functional.normalize(X, dim=0, eps=1e-6)[0].item()

    return default, matched


def tensorflow():
    """`l2_normalize` divides by √max(length², 1e-12)."""

    import tensorflow as tf

    def default():
        """The length of a vector of length 1e-9 after normalisation."""
        return float(tf.math.l2_normalize(tf.constant([1e-9, 0.0]))[0])

    return default, default  # nothing to change


def keras():
    """`normalize` multiplies by 1/length, at most 1e7."""

    import keras

    X = keras.ops.convert_to_tensor([1e-9, 0.0])

    def default():
        """The length of a vector of length 1e-9 after normalisation."""
        return float(keras.ops.normalize(X)[0])

    def matched():
        """With a floor of 1e-6 under the length."""
        return float(keras.ops.normalize(X, epsilon=1e-6)[0])

    return default, matched
