"""Dropout: whether it scales in training or in prediction

With rate 0.75 the values that remain are multiplied by 4 in PyTorch, TensorFlow, Keras and Flax
alike: all divide by 1 − rate while they train, and do nothing at prediction. And the rate is the
share that is dropped, not kept, in all four.
"""

kind = "agreement"
symptoms = "inverted dropout, 1/(1-p), dropout rate or keep_prob, flax Dropout rate"
matters = """The paper scaled at prediction, and TensorFlow 1 took the share that is kept: advice
from that time no longer holds."""
sources = [
    "https://jmlr.org/papers/v15/srivastava14a.html (Srivastava et al.)",
    "torch/nn/modules/dropout.py, Dropout",
    "keras/src/layers/regularization/dropout.py, Dropout",
    "https://www.tensorflow.org/api_docs/python/tf/nn/dropout",
    "flax/linen/stochastic.py, Dropout",
]
lessons = []

observed = {"torch": [0.0, 4.0], "tensorflow": [0.0, 4.0], "keras": [0.0, 4.0], "jax": [0.0, 4.0]}


def torch():
    """PyTorch divides by 1 − p in training."""

    import torch

    def default():
        """The values that 100 ones take."""
        torch.manual_seed(0)
        return torch.nn.Dropout(0.75)(torch.ones(100)).unique().tolist()

    return default


def tensorflow():
    """TensorFlow divides by 1 − rate."""

    import tensorflow as tf

    def default():
        """The values that 100 ones take."""
        tf.random.set_seed(0)
        values, _ = tf.unique(tf.nn.dropout(tf.ones(100), rate=0.75))
        return sorted(values.numpy().tolist())

    return default


def keras():
    """Keras divides by 1 − rate in training."""

    import keras
    import numpy as np

    def default():
        """The values that 100 ones take."""
        layer = keras.layers.Dropout(0.75, seed=0)
        dropped = layer(keras.ops.ones(100), training=True)
        return np.unique(keras.ops.convert_to_numpy(dropped)).tolist()

    return default


def jax():
    """Flax divides by 1 − rate in training."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The values that 100 ones take."""
        layer = nn.Dropout(0.75, deterministic=False)
        dropped = layer.apply({}, jnp.ones(100), rngs={"dropout": jax.random.key(0)})
        return jnp.unique(dropped).tolist()

    return default
