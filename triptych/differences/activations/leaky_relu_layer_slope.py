"""Leaky relu as a layer: a third slope

PyTorch's layer has the function's slope, 0.01. Keras's layer `LeakyReLU` takes 0.3, its activation
"leaky_relu" 0.2.
"""

kind = "difference"
symptoms = """keras.layers.LeakyReLU negative_slope alpha 0.3, nn.LeakyReLU 0.01, leaky relu
slope"""
matters = """In Keras, `Dense(8, activation="leaky_relu")` and `Dense(8)` followed by `LeakyReLU()`
are not the same network."""
remedy = "`LeakyReLU(negative_slope=0.01)`."
sources = [
    "torch/nn/modules/activation.py, LeakyReLU",
    "keras/src/layers/activations/leaky_relu.py, LeakyReLU",
]
lessons = []

observed = {"torch": -0.01, "keras": -0.3}
round_off = 1e-6  # float32 by default


def torch():
    """The slope is 0.01, as in the function."""

    import torch

    def default():
        """What −1 becomes."""
        return torch.nn.LeakyReLU()(torch.tensor(-1.0)).item()

    return default, default  # nothing to change


def keras():
    """The slope of the layer is 0.3, while that of the activation is 0.2."""

    import keras
    import numpy as np

    def default():
        """What −1 becomes."""
        return keras.ops.convert_to_numpy(keras.layers.LeakyReLU()(-np.ones((1, 1)))).item()

    def matched():
        """With the slope of PyTorch."""
        layer = keras.layers.LeakyReLU(negative_slope=0.01)
        return keras.ops.convert_to_numpy(layer(-np.ones((1, 1)))).item()

    return default, matched
