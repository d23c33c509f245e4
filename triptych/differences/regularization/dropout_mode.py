"""Whether dropout is on in a plain call

A fresh `torch.nn.Dropout` drops, because every PyTorch module starts in training mode;
`tf.nn.dropout` always drops; Keras's `Dropout` returns its input unless it is called with
`training=True` or by `fit`; Flax's raises an error until `deterministic` is stated. The value shown
is whether any of 100 ones was dropped.
"""

kind = "difference"
symptoms = """forgot model.eval, training=False, dropout at inference, F.dropout training=True;
model output changes every time, random predictions for the same input, predictions not
deterministic; flax Dropout Parameter "deterministic" must be passed, None needs PRNG for "dropout"
InvalidRngError"""
matters = """Predictions in PyTorch are noisy without `model.eval()`; a custom training loop in
Keras has no dropout without `training=True`."""
remedy = """Set the mode: `layer.eval()` in PyTorch, `training=False` in Keras, `deterministic=True`
in Flax, and rate 0 for TensorFlow's function."""
sources = [
    "torch/nn/modules/dropout.py, Dropout",
    "keras/src/layers/regularization/dropout.py, Dropout.call",
    "https://www.tensorflow.org/api_docs/python/tf/nn/dropout",
    "flax/linen/stochastic.py, Dropout.__call__",
]
lessons = [4, 7]

observed = {"torch": True, "tensorflow": True, "keras": False, "jax": {"raises": "ValueError"}}


def torch():
    """A PyTorch module starts in training mode."""

    import torch

    def default():
        """Whether a fresh layer drops any of 100 ones."""
        torch.manual_seed(0)
        layer = torch.nn.Dropout(0.5)
        return bool((layer(torch.ones(100)) == 0).any())

    def matched():
        """The same, in evaluation mode."""
        layer = torch.nn.Dropout(0.5).eval()
        return bool((layer(torch.ones(100)) == 0).any())

    return default, matched


def tensorflow():
    """TensorFlow's function has no mode."""

    import tensorflow as tf

    def default():
        """Whether the function drops any of 100 ones."""
        tf.random.set_seed(0)
        return bool(tf.reduce_any(tf.nn.dropout(tf.ones(100), rate=0.5) == 0))

    def matched():
        """The same, with nothing to drop."""
        return bool(tf.reduce_any(tf.nn.dropout(tf.ones(100), rate=0.0) == 0))

    return default, matched


def keras():
    """A Keras layer in a plain call is not in training mode."""

    import keras

    def default():
        """Whether a fresh layer drops any of 100 ones."""
        return drops()

    def matched():
        """The same, set explicitly."""
        return drops(training=False)

    def drops(**options):
        layer = keras.layers.Dropout(0.5, seed=0)
        return bool((keras.ops.convert_to_numpy(layer(keras.ops.ones(100), **options)) == 0).any())

    return default, matched


def jax():
    """Flax has no mode: `deterministic` is stated, and a key for the mask with it."""

    import flax.linen as nn
    import jax.numpy as jnp

    def default():
        """Whether a fresh layer drops any of 100 ones."""
        return drops()

    def matched():
        """The same, set explicitly."""
        return drops(deterministic=True)

    def drops(**options):
        return bool((nn.Dropout(0.5, **options).apply({}, jnp.ones(100)) == 0).any())

    return default, matched
