"""A leaky slope in float64 that is not float64

TensorFlow rounds the slope of `tf.nn.leaky_relu` to float32, also for float64 inputs: 0.1 becomes
0.10000000149. PyTorch and JAX multiply by 0.1.
"""

kind = "difference"
symptoms = "leaky relu float64 slope not exact; errors of 1e-9 in a float64 run"
matters = """It is a gap of 1.5e-9 in every unit below zero, which a comparison in float64 reports
as a mistake."""
remedy = """`tf.where(x > 0, x, 0.1 * x)`, or a slope that float32 holds exactly, such as 0.125.
Keras has the leak on TensorFlow, none on PyTorch, and plain float32 on JAX without x64."""
sources = [
    "tensorflow/python/ops/nn_ops.py, leaky_relu",
    "torch/nn/functional.py, leaky_relu",
    "jax/_src/nn/functions.py, leaky_relu",
]
lessons = []

observed = {
    "torch": -0.10000000000000001,
    "tensorflow": -0.10000000149011612,
    "keras": -0.10000000149011612,
    "keras-torch": -0.10000000000000001,
    "jax": -0.10000000000000001,
}
tolerance = 1e-12  # the entry is about float64


def torch():
    """The slope is a double."""

    import torch

    def default():
        """What −1 becomes with a slope of 0.1."""
        x = torch.tensor(-1.0, dtype=torch.float64)
        return torch.nn.functional.leaky_relu(x, negative_slope=0.1).item()

    return default, default  # nothing to change


def tensorflow():
    """The slope is an attribute of the operation, and attributes are float32."""

    import tensorflow as tf

    X = tf.constant(-1.0, tf.float64)

    def default():
        """What −1 becomes with a slope of 0.1."""
        return float(tf.nn.leaky_relu(X, alpha=0.1))

    def matched():
        """The same, chosen by hand."""
        return float(tf.where(X > 0, X, 0.1 * X))

    return default, matched


def keras():
    """The slope depends on the backend."""

    import keras

    X = keras.ops.convert_to_tensor(-1.0, dtype="float64")

    def default():
        """What −1 becomes with a slope of 0.1."""
        return float(keras.activations.leaky_relu(X, negative_slope=0.1))

    return default


def jax():
    """The slope takes the dtype of the input."""

    import jax
    import jax.numpy as jnp

    def default():
        """What −1 becomes with a slope of 0.1."""
        with jax.enable_x64(True):
            return float(jax.nn.leaky_relu(jnp.asarray(-1.0), negative_slope=0.1))

    return default, default  # nothing to change
