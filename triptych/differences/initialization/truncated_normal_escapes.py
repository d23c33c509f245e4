"""A truncated normal distribution that is not quite truncated

Keras on PyTorch draws four candidates for each weight and takes the first that lies within two
standard deviations; where all four lie outside, it keeps the first, at whatever distance. That is
four or five weights in a million. TensorFlow, JAX and PyTorch's own `trunc_normal_` let none
through.
"""

kind = "difference"
symptoms = "trunc_normal_ a=-2 b=2, TruncatedNormal, truncated at two standard deviations"
matters = """It harms no network, but an assertion on the bound fails, and one Keras model starts
from another distribution on each backend."""
remedy = "Clip the draws, or draw by `torch.nn.init.trunc_normal_` or in NumPy."
sources = [
    "keras/src/backend/torch/random.py, truncated_normal",
    "torch/nn/init.py, trunc_normal_",
]
lessons = []

observed = {"torch": False, "tensorflow": False, "keras": False, "keras-torch": True, "jax": False}


def torch():
    """`trunc_normal_` maps uniform draws through the inverse of the distribution: none escapes."""

    import torch

    def default():
        """Whether any of a million draws lies beyond two standard deviations."""
        torch.manual_seed(0)
        return bool((torch.nn.init.trunc_normal_(torch.empty(1_000_000)).abs() > 2).any())

    return default, default  # nothing to change


def tensorflow():
    """`truncated_normal` draws again until every number is inside."""

    import tensorflow as tf

    def default():
        """Whether any of a million draws lies beyond two standard deviations."""
        draws = tf.random.stateless_truncated_normal((1_000_000,), seed=(0, 0))
        return bool(tf.reduce_any(tf.abs(draws) > 2))

    return default, default  # nothing to change


def keras():
    """`TruncatedNormal` depends on the backend; on PyTorch it takes the best of four draws."""

    import keras

    def draw():
        """A million draws of standard deviation 1, nominally cut off at 2."""
        return keras.initializers.TruncatedNormal(stddev=1.0, seed=0)((1_000_000,))

    def default():
        """Whether any of them lies beyond two standard deviations."""
        return bool(keras.ops.any(keras.ops.abs(draw()) > 2))

    def matched():
        """The same after they were clipped."""
        return bool(keras.ops.any(keras.ops.abs(keras.ops.clip(draw(), -2.0, 2.0)) > 2))

    return default, matched


def jax():
    """`truncated_normal` maps uniform draws, too."""

    import jax
    import jax.numpy as jnp

    def default():
        """Whether any of a million draws lies beyond two standard deviations."""
        draws = jax.random.truncated_normal(jax.random.key(0), -2.0, 2.0, (1_000_000,))
        return bool(jnp.any(jnp.abs(draws) > 2))

    return default, default  # nothing to change
