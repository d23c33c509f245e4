"""Flattening an image: by channel or by pixel

A flattened PyTorch image lists the first channel's pixels, then the second's; TensorFlow and Keras
list the first pixel's channels, then the second pixel's.
"""

kind = "difference"
symptoms = """Flatten before Dense, view(n, -1), NHWC NCHW flatten order, permute before
flatten; converted CNN wrong after the first fully connected layer, accuracy drops after
converting"""
matters = """The following dense layer has a kernel of the same shape in both, so a copied kernel
fits and computes nonsense."""
remedy = """Bring the axes into one order before flattening: `images.permute(0, 2, 3,
1).flatten(1)`. One-channel images, as those of the lessons, are the same in both."""
sources = [
    "torch/nn/modules/flatten.py, Flatten",
    "keras/src/layers/reshaping/flatten.py, Flatten",
]
lessons = [1, 3, 4, 7]

observed = {
    "torch": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
    "tensorflow": [1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0],
    "keras": [1.0, 5.0, 2.0, 6.0, 3.0, 7.0, 4.0, 8.0],
}


def torch():
    """`nn.Flatten` goes through (channels, height, width)."""

    import torch

    # Two channels of 2 × 2 pixels: 1 to 4 and 5 to 8.
    IMAGES = torch.arange(1.0, 9.0).reshape(1, 2, 2, 2)

    def default():
        """The order of the numbers."""
        return torch.nn.Flatten()(IMAGES)[0].tolist()

    def matched():
        """With the channels last."""
        return torch.nn.Flatten()(IMAGES.permute(0, 2, 3, 1))[0].tolist()

    return default, matched


def tensorflow():
    """The image is stored with the channels last, and a reshape keeps the order of storage."""

    import numpy as np
    import tensorflow as tf

    # Two channels of 2 × 2 pixels: 1 to 4 and 5 to 8.
    IMAGES = np.arange(1.0, 9.0).reshape(1, 2, 2, 2).transpose(0, 2, 3, 1)

    def default():
        """The order of the numbers."""
        return tf.reshape(tf.constant(IMAGES), (1, -1))[0].numpy().tolist()

    return default, default  # nothing to change


def keras():
    """`Flatten` goes through (height, width, channels)."""

    import keras
    import numpy as np

    # Two channels of 2 × 2 pixels: 1 to 4 and 5 to 8.
    IMAGES = np.arange(1.0, 9.0).reshape(1, 2, 2, 2).transpose(0, 2, 3, 1)

    def default():
        """The order of the numbers."""
        return keras.ops.convert_to_numpy(keras.layers.Flatten()(IMAGES))[0].tolist()

    return default, default  # nothing to change
