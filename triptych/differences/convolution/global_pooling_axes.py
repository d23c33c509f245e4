"""Global pooling: whether two axes of size 1 remain

Of 2 images with 3 channels, PyTorch's `AdaptiveAvgPool2d(1)` makes (2, 3, 1, 1) and Keras's
`GlobalAveragePooling2D` (2, 3).
"""

kind = "difference"
symptoms = """GlobalAveragePooling2D keepdims, nn.AdaptiveAvgPool2d(1); shape (n, c, 1, 1),
squeeze"""
matters = """A dense layer after it fails at once. A loss written by hand does not: (2, 3, 1, 1)
minus (2, 3) is (2, 3, 2, 3), and its mean is a number like any other."""
remedy = "`.flatten(1)` after the layer in PyTorch, or `keepdims=True` in Keras."
sources = [
    "torch/nn/modules/pooling.py, AdaptiveAvgPool2d",
    "keras/src/layers/pooling/global_average_pooling2d.py, GlobalAveragePooling2D, keepdims",
]
lessons = []

observed = {"torch": [2, 3, 1, 1], "keras": [2, 3]}


def torch():
    """The result is an image of one pixel."""

    import torch

    pooled = torch.nn.AdaptiveAvgPool2d(1)

    def default():
        """The shape of 2 pooled images with 3 channels."""
        return list(pooled(torch.ones(2, 3, 4, 5)).shape)

    def matched():
        """The same after flattening."""
        return list(pooled(torch.ones(2, 3, 4, 5)).flatten(1).shape)

    return default, matched


def keras():
    """The result is a row for each image."""

    import keras
    import numpy as np

    def default():
        """The shape of 2 pooled images with 3 channels."""
        images = np.ones((2, 4, 5, 3), dtype="float32")
        return list(keras.layers.GlobalAveragePooling2D()(images).shape)

    return default, default  # nothing to change
