"""GELU as an operation: Keras's default differs from its layer's

`keras.ops.gelu` approximates by tanh, while `keras.activations.gelu` and `Activation("gelu")` are
exact. `torch.nn.functional.gelu` and `tf.nn.gelu` are exact, `jax.nn.gelu` approximates.
"""

kind = "difference"
symptoms = """keras.ops.gelu approximate, jax.nn.gelu, F.gelu tanh; small differences of 1e-4 in
a transformer"""
matters = """Rewriting a layer with operations, an ordinary step in Keras 3, changes the network's
numbers."""
remedy = "Pass it in every call: `keras.ops.gelu(x, approximate=False)`."
sources = [
    "keras/src/ops/nn.py, gelu",
    "keras/src/activations/activations.py, gelu",
    "torch/nn/functional.py, gelu",
    "jax/_src/nn/functions.py, gelu",
]
lessons = []

observed = {"torch": 0.8413447, "tensorflow": 0.8413447, "keras": 0.841192, "jax": 0.841192}
round_off = 1e-6  # float32 by default


def torch():
    """`functional.gelu` is exact."""

    import torch

    def default():
        """GELU of 1."""
        return torch.nn.functional.gelu(torch.tensor(1.0)).item()

    return default, default  # nothing to change


def tensorflow():
    """`tf.nn.gelu` is exact."""

    import tensorflow as tf

    def default():
        """GELU of 1."""
        return float(tf.nn.gelu(1.0))

    return default, default  # nothing to change


def keras():
    """`keras.ops.gelu` approximates by default."""

    import keras

    def default():
        """GELU of 1."""
        return float(keras.ops.gelu(keras.ops.convert_to_tensor(1.0)))

    def matched():
        """The exact one."""
        return float(keras.ops.gelu(keras.ops.convert_to_tensor(1.0), approximate=False))

    return default, matched


def jax():
    """`jax.nn.gelu` approximates by default."""

    import jax

    def default():
        """GELU of 1."""
        return float(jax.nn.gelu(1.0))

    def matched():
        """The exact one."""
        return float(jax.nn.gelu(1.0, approximate=False))

    return default, matched
