"""The four arrays of batch normalisation: in which order, and how many

Keras and PyTorch both keep scale, shift, running mean and running variance in this order;
PyTorch's state has a fifth entry, the count of batches. TensorFlow's function takes mean and
variance first, and the shift before the scale. With scale 2, shift 1, mean 1 and variance 4, the
number 3 becomes 3.
"""

kind = "difference"
symptoms = """order of batchnorm weights gamma beta mean variance, set_weights get_weights of
BatchNormalization, state_dict weight bias running_mean running_var num_batches_tracked, load batch
norm weights from PyTorch to Keras, offset scale; converted model gives nonsense, no error"""
matters = """All four have one shape, so arrays in the wrong order raise no error: a variance in the
place of a mean gives numbers that look like any others."""
remedy = """Copy by name: `weight` is gamma and scale, `bias` is beta and offset. Leave out
`num_batches_tracked`."""
sources = [
    "torch/nn/modules/batchnorm.py, _NormBase.__init__",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization.build",
    "https://www.tensorflow.org/api_docs/python/tf/nn/batch_normalization",
]
lessons = []

observed = {
    "torch": ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"],
    "tensorflow": ["mean", "variance", "offset", "scale"],
    "keras": ["gamma", "beta", "moving_mean", "moving_variance"],
}
round_off = 1e-6  # float32


def torch():
    """The entries of the state."""

    import torch

    def default():
        """Their names, in order."""
        return list(torch.nn.BatchNorm1d(1).state_dict())

    def matched():
        """3, with each array by its name."""
        layer = torch.nn.BatchNorm1d(1, eps=0.0).eval()
        state = {"weight": 2.0, "bias": 1.0, "running_mean": 1.0, "running_var": 4.0}
        layer.load_state_dict({k: torch.tensor([v]) for k, v in state.items()}, strict=False)
        return layer(torch.tensor([[3.0]])).item()

    return default, matched


def tensorflow():
    """The arguments of the function."""

    import inspect

    import tensorflow as tf

    def default():
        """Their names, in order, without x and epsilon."""
        return list(inspect.signature(tf.nn.batch_normalization).parameters)[1:5]

    def matched():
        """3, with each array by its name."""
        return float(
            tf.nn.batch_normalization(
                tf.constant(3.0), mean=1.0, variance=4.0, offset=1.0, scale=2.0,
                variance_epsilon=0.0,
            )
        )  # fmt: skip

    return default, matched


def keras():
    """The weights of the layer."""

    import keras
    import numpy as np

    def default():
        """Their names, in order."""
        layer = keras.layers.BatchNormalization()
        layer.build((None, 1))
        return [weight.name for weight in layer.weights]

    def matched():
        """3, with each array by its name."""
        layer = keras.layers.BatchNormalization(epsilon=0.0)
        layer.build((None, 1))
        values = {"gamma": 2.0, "beta": 1.0, "moving_mean": 1.0, "moving_variance": 4.0}
        for weight in layer.weights:
            weight.assign([values[weight.name]])
        return float(layer(np.array([[3.0]], dtype="float32"), training=False)[0, 0])

    return default, matched
