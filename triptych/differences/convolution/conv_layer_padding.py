"""A convolution layer's padding: none, or as much as keeps the size

A layer with a window of 3 × 3 makes 3 × 3 numbers of 5 × 5 in PyTorch and in Keras, where padding
is none by default, and 5 × 5 in Flax, whose `Conv` pads as `SAME` does.
"""

kind = "difference"
symptoms = """flax nn.Conv padding SAME default, nn.Conv2d padding=0, Conv2D padding valid; output
bigger than in PyTorch, output shape mismatch after porting, flatten gives another size"""
matters = """In Flax a dense layer after the convolutions builds itself for the larger maps, so
nothing fails, and the model has more weights and other features at the border."""
remedy = """State it: `padding="VALID"` in Flax, or `padding="same"` in PyTorch and Keras."""
sources = [
    "torch/nn/modules/conv.py, Conv2d, padding",
    "keras/src/layers/convolutional/conv2d.py, Conv2D, padding",
    "flax/linen/linear.py, Conv, padding",
]
lessons = []

observed = {"torch": [3, 3], "keras": [3, 3], "jax": [5, 5]}
round_off = 1e-6  # float32, though these sums are exact


def torch():
    """`nn.Conv2d` has padding 0."""

    import torch

    def default():
        """The size of the output for an image of 5 × 5 and a window of 3 × 3."""
        return list(torch.nn.Conv2d(1, 1, 3)(torch.ones(1, 1, 5, 5)).shape[2:])

    def matched():
        """The sums of 3 × 3 neighbours in 0 … 24, where the window lies within the image."""
        layer = torch.nn.Conv2d(1, 1, 3, padding=0, bias=False)
        torch.nn.init.ones_(layer.weight)
        return layer(torch.arange(25.0).reshape(1, 1, 5, 5)).flatten().tolist()

    return default, matched


def keras():
    """`Conv2D` has the padding "valid"."""

    import keras
    import numpy as np

    def default():
        """The size of the output for an image of 5 × 5 and a window of 3 × 3."""
        out = keras.layers.Conv2D(1, 3)(np.ones((1, 5, 5, 1), dtype="float32"))
        return [int(size) for size in out.shape[1:3]]

    def matched():
        """The sums of 3 × 3 neighbours in 0 … 24, where the window lies within the image."""
        layer = keras.layers.Conv2D(1, 3, padding="valid", kernel_initializer="ones")
        out = layer(np.arange(25, dtype="float32").reshape(1, 5, 5, 1))
        return keras.ops.convert_to_numpy(out).ravel().tolist()

    return default, matched


def jax():
    """Flax's `Conv` has the padding "SAME"."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The size of the output for an image of 5 × 5 and a window of 3 × 3."""
        out, _ = nn.Conv(1, (3, 3)).init_with_output(jax.random.key(0), jnp.ones((1, 5, 5, 1)))
        return list(out.shape[1:3])

    def matched():
        """The sums of 3 × 3 neighbours in 0 … 24, where the window lies within the image."""
        layer = nn.Conv(1, (3, 3), padding="VALID", use_bias=False)
        weights = {"kernel": jnp.ones((3, 3, 1, 1))}
        return (
            layer.apply({"params": weights}, jnp.arange(25.0).reshape(1, 5, 5, 1)).ravel().tolist()
        )

    return default, matched
