"""GELU as a layer: exact, or by tanh

PyTorch, TensorFlow and Keras's activation compute x·Φ(x) exactly; `jax.nn.gelu`, which is also
Flax's `nn.gelu`, uses the approximation by tanh, as did the first BERT. At 1 that is 0.841345
against 0.841192.
"""

kind = "difference"
symptoms = """nn.GELU, F.gelu, tf.nn.gelu, jax.nn.gelu approximate=True, tanh, erf; gelu results
differ; BERT GPT outputs off by 1e-3; flax.linen.gelu, flax nn.gelu does not match torch GELU"""
matters = """A pretrained model continued with the other form starts from slightly wrong activations
in every layer."""
remedy = """Set it explicitly: `jax.nn.gelu(x, approximate=False)`, `approximate="tanh"` in PyTorch,
`approximate=True` in TensorFlow and Keras."""
sources = [
    "torch/nn/modules/activation.py, GELU",
    "tensorflow/python/ops/nn_ops.py, gelu",
    "keras/src/activations/activations.py, gelu",
    "jax/_src/nn/functions.py, gelu",
    "flax/linen/activation.py (which imports gelu from JAX)",
]
lessons = []

observed = {
    "numpy": 0.8413447,
    "torch": 0.8413447,
    "tensorflow": 0.8413447,
    "keras": 0.8413447,
    "jax": 0.841192,
}
round_off = 1e-6  # float32 by default


def numpy():
    """The definition: x times the normal distribution's share below x."""

    import math

    def default():
        """GELU of 1."""
        return 0.5 * (1 + math.erf(1 / math.sqrt(2)))

    return default, default  # nothing to change


def torch():
    """`nn.GELU` is exact."""

    import torch

    def default():
        """GELU of 1."""
        return torch.nn.GELU()(torch.tensor(1.0)).item()

    return default, default  # nothing to change


def tensorflow():
    """`tf.nn.gelu` is exact."""

    import tensorflow as tf

    def default():
        """GELU of 1."""
        return float(tf.nn.gelu(1.0))

    return default, default  # nothing to change


def keras():
    """The activation called "gelu" is exact."""

    import keras
    import numpy as np

    def default():
        """GELU of 1."""
        output = keras.layers.Activation("gelu")(np.ones((1, 1), dtype="float32"))
        return keras.ops.convert_to_numpy(output).item()

    return default, default  # nothing to change


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
