"""ELU and SELU have the same constants

ELU's α is 1 and SELU's constants are those of the paper in PyTorch, TensorFlow, Keras and JAX. At
−1 they give −0.632 and −1.111.
"""

kind = "agreement"
symptoms = "nn.ELU, nn.SELU, F.elu, tf.nn.selu, jax.nn.elu alpha; different activation output"
matters = "These defaults agree, unlike those of leaky relu."
remedy = "None is needed."
sources = [
    "torch/nn/functional.py, elu, selu",
    "tensorflow/python/ops/nn_ops.py, elu",
    "keras/src/activations/activations.py, elu, selu",
    "jax/_src/nn/functions.py, elu, selu",
]
lessons = []

observed = {
    "numpy": [-0.6321206, -1.111331],
    "torch": [-0.6321205, -1.111331],
    "tensorflow": [-0.6321205, -1.111331],
    "keras": [-0.6321205, -1.111331],
    "jax": [-0.6321205, -1.111331],
}
round_off = 1e-6  # float32 by default


def numpy():
    """The definition, below zero."""

    import math

    def default():
        """[ELU, SELU] of −1."""
        elu = math.exp(-1) - 1
        return [elu, 1.0507009873554805 * 1.6732632423543772 * elu]

    return default


def torch():
    """α is 1."""

    import torch

    def default():
        """[ELU, SELU] of −1."""
        x = torch.tensor(-1.0)
        return [torch.nn.functional.elu(x).item(), torch.nn.functional.selu(x).item()]

    return default


def tensorflow():
    """α is 1, and cannot be chosen."""

    import tensorflow as tf

    def default():
        """[ELU, SELU] of −1."""
        return [float(tf.nn.elu(-1.0)), float(tf.nn.selu(-1.0))]

    return default


def keras():
    """α is 1."""

    import keras

    def default():
        """[ELU, SELU] of −1."""
        x = keras.ops.convert_to_tensor(-1.0)
        return [float(keras.activations.elu(x)), float(keras.activations.selu(x))]

    return default


def jax():
    """α is 1."""

    import jax

    def default():
        """[ELU, SELU] of −1."""
        return [float(jax.nn.elu(-1.0)), float(jax.nn.selu(-1.0))]

    return default
