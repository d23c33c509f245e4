"""GELU in float64 that is not float64

TensorFlow's `tf.nn.gelu` multiplies by a root of ½ that has only float32's digits, also for float64
inputs: at 1 it is wrong by 4e-9. PyTorch and JAX are right to the last digit or two.
"""

kind = "difference"
symptoms = "tf.nn.gelu float64 not exact; errors of 1e-9 in a float64 run"
matters = """A comparison in float64, meant to tell a mistake from rounding, shows a gap of ten
million times machine epsilon, which looks like a bug in one's own code."""
remedy = """Write the formula: `0.5 * x * (1 + tf.math.erf(x / np.sqrt(2)))`. Keras has the leak on
TensorFlow, none on PyTorch, and plain float32 on JAX without x64."""
sources = [
    "tensorflow/python/ops/nn_ops.py, gelu",
    "torch/nn/functional.py, gelu",
    "jax/_src/nn/functions.py, gelu",
]
lessons = []

observed = {
    "numpy": 0.84134474606854293,
    "torch": 0.84134474606854304,
    "tensorflow": 0.84134474192739028,
    "keras": 0.84134474192739028,
    "keras-torch": 0.84134474606854304,
    "keras-jax": 0.84134471416473389,
    "jax": 0.84134474606854293,
}
tolerance = 1e-12  # the entry is about float64


def numpy():
    """The definition, in double precision."""

    import math

    def default():
        """GELU of 1."""
        return 0.5 * (1 + math.erf(1 / math.sqrt(2)))

    return default, default  # nothing to change


def torch():
    """Exact for the dtype."""

    import torch

    def default():
        """GELU of 1."""
        return torch.nn.functional.gelu(torch.tensor(1.0, dtype=torch.float64)).item()

    return default, default  # nothing to change


def tensorflow():
    """A constant of `tf.nn.gelu` went through float32."""

    import numpy as np
    import tensorflow as tf

    X = tf.constant(1.0, tf.float64)

    def default():
        """GELU of 1."""
        return float(tf.nn.gelu(X))

    def matched():
        """GELU of 1 by the formula."""
        return float(0.5 * X * (1 + tf.math.erf(X / np.sqrt(2))))

    return default, matched


def keras():
    """Each of three backends gives another result."""

    import keras

    X = keras.ops.convert_to_tensor(1.0, dtype="float64")

    def default():
        """GELU of 1."""
        return float(keras.activations.gelu(X))

    return default


def jax():
    """Exact for the dtype, with x64 switched on."""

    import jax
    import jax.numpy as jnp

    def default():
        """GELU of 1."""
        with jax.enable_x64(True):
            return float(jax.nn.gelu(jnp.asarray(1.0), approximate=False))

    return default, default  # nothing to change
