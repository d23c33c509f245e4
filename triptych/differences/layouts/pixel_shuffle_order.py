"""Channels into pixels: which channel goes where

Eight channels of one pixel become two channels of 2 × 2 pixels. PyTorch's `pixel_shuffle` makes the
first image of channels 0 to 3; TensorFlow's `depth_to_space` makes it of 0, 2, 4 and 6.
"""

kind = "difference"
symptoms = """nn.PixelShuffle, tf.nn.depth_to_space, space_to_depth, sub-pixel; checkerboard,
colours mixed"""
matters = """It is the last step of many networks that enlarge images. With copied weights, colours
and neighbouring pixels change places. For a single channel both are the same."""
remedy = """Before `depth_to_space`, bring the channels into its order: reshape them to (channels,
r²), swap the two, and flatten."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.nn.PixelShuffle.html",
    "https://www.tensorflow.org/api_docs/python/tf/nn/depth_to_space",
]
lessons = []

observed = {"torch": [0.0, 1.0, 2.0, 3.0], "tensorflow": [0.0, 2.0, 4.0, 6.0]}


def torch():
    """The first four channels."""

    import torch

    def default():
        """The pixels of the first image made of the channels 0 to 7."""
        pixel = torch.arange(8.0).reshape(1, 8, 1, 1)
        return torch.nn.functional.pixel_shuffle(pixel, 2)[0, 0].flatten().tolist()

    return default, default  # nothing to change


def tensorflow():
    """Every second channel."""

    import tensorflow as tf

    PIXEL = tf.reshape(tf.range(8.0), (1, 1, 1, 8))

    def default():
        """The pixels of the first image made of the channels 0 to 7."""
        return tf.nn.depth_to_space(PIXEL, 2)[0, :, :, 0].numpy().ravel().tolist()

    def matched():
        """With the channels in its order."""
        swapped = tf.transpose(tf.reshape(PIXEL, (1, 1, 1, 2, 4)), (0, 1, 2, 4, 3))
        image = tf.nn.depth_to_space(tf.reshape(swapped, (1, 1, 1, 8)), 2)
        return image[0, :, :, 0].numpy().ravel().tolist()

    return default, matched
