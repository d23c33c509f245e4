"""Leaky relu as a function: the slope below zero

PyTorch and JAX take 0.01, TensorFlow and Keras's activation 0.2.
"""

kind = "difference"
symptoms = """F.leaky_relu negative_slope 0.01, tf.nn.leaky_relu alpha 0.2, jax.nn.leaky_relu;
GAN trains worse"""
matters = 'Two networks "with leaky relu" are different functions; one of them is nearly a relu.'
remedy = "Name the slope: `negative_slope=` in PyTorch, JAX and Keras, `alpha=` in TensorFlow."
sources = [
    "torch/nn/functional.py, leaky_relu",
    "tensorflow/python/ops/nn_ops.py, leaky_relu",
    "keras/src/activations/activations.py, leaky_relu",
    "jax/_src/nn/functions.py, leaky_relu",
]
lessons = [4, 7, 8]

observed = {"torch": -0.01, "tensorflow": -0.2, "keras": -0.2, "jax": -0.01}
round_off = 1e-6  # float32 by default


def torch():
    """The slope is 0.01."""

    import torch

    def default():
        """What −1 becomes."""
        return torch.nn.functional.leaky_relu(torch.tensor(-1.0)).item()

    def matched():
        """With a slope of 0.1."""
        return torch.nn.functional.leaky_relu(torch.tensor(-1.0), negative_slope=0.1).item()

    return default, matched


def tensorflow():
    """The slope is 0.2, and is called alpha."""

    import tensorflow as tf

    def default():
        """What −1 becomes."""
        return float(tf.nn.leaky_relu(-1.0))

    def matched():
        """With a slope of 0.1."""
        return float(tf.nn.leaky_relu(-1.0, alpha=0.1))

    return default, matched


def keras():
    """The slope of the activation is 0.2."""

    import keras

    def default():
        """What −1 becomes."""
        return float(keras.activations.leaky_relu(keras.ops.convert_to_tensor(-1.0)))

    def matched():
        """With a slope of 0.1."""
        x = keras.ops.convert_to_tensor(-1.0)
        return float(keras.activations.leaky_relu(x, negative_slope=0.1))

    return default, matched


def jax():
    """The slope is 0.01."""

    import jax

    def default():
        """What −1 becomes."""
        return float(jax.nn.leaky_relu(-1.0))

    def matched():
        """With a slope of 0.1."""
        return float(jax.nn.leaky_relu(-1.0, negative_slope=0.1))

    return default, matched
