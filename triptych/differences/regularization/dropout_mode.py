"""Is dropout on when you just call it?

A fresh `torch.nn.Dropout` drops, because every PyTorch module begins in training mode;
`tf.nn.dropout` always drops; Keras's `Dropout` hands its input through unless it is called with
`training=True` or by `fit`. Shown is whether any of 100 ones was dropped.
"""

kind = "difference"
matters = """Predictions in PyTorch are noisy until someone says `model.eval()`; a training loop by
hand in Keras has no dropout until someone says `training=True`."""
remedy = """Say it: `layer.eval()` in PyTorch, `training=False` in Keras, and rate 0 for
TensorFlow's function."""
sources = [
    "torch/nn/modules/dropout.py, Dropout",
    "keras/src/layers/regularization/dropout.py, Dropout.call",
    "https://www.tensorflow.org/api_docs/python/tf/nn/dropout",
]
lessons = [4]

observed = {"torch": True, "tensorflow": True, "keras": False}


def torch():
    """A PyTorch module begins in training mode."""

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
    """A Keras layer that is just called is not in training."""

    import keras

    def default():
        """Whether a fresh layer drops any of 100 ones."""
        return drops()

    def matched():
        """The same, said."""
        return drops(training=False)

    def drops(**options):
        layer = keras.layers.Dropout(0.5, seed=0)
        return bool((keras.ops.convert_to_numpy(layer(keras.ops.ones(100), **options)) == 0).any())

    return default, matched
