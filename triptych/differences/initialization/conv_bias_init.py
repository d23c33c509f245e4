"""A convolution's bias: drawn, or zero

As in dense layers: PyTorch draws the bias from ±1/√fan_in, here 1/√36 for 4 channels and a window
of 3 × 3; in Keras and Flax it starts at 0.
"""

kind = "difference"
symptoms = "nn.Conv2d bias initial value uniform or zero, bias_initializer, flax nn.Conv bias_init"
matters = """Every channel of a fresh PyTorch network has an offset of its own, also where the image
is black. Before a batch normalisation it has no effect."""
remedy = """`torch.nn.init.zeros_(layer.bias)`, or `bias_initializer=` in Keras and `bias_init=` in
Flax."""
sources = [
    "torch/nn/modules/conv.py, _ConvNd.reset_parameters",
    "keras/src/layers/convolutional/base_conv.py, BaseConv, bias_initializer",
    "flax/linen/linear.py, Conv, bias_init",
]
lessons = []

observed = {"torch": 0.166582, "keras": 0.0, "jax": 0.0}
tolerance = 1e-3  # the largest of 1,000 draws comes this close to the bound


def torch():
    """`nn.Conv2d` draws its bias as it draws its kernel."""

    import torch

    def default():
        """The largest bias of a fresh layer: almost 1/√(9·4)."""
        torch.manual_seed(0)
        return float(torch.nn.Conv2d(4, 1000, 3).bias.detach().abs().max())

    def matched():
        """The same after it was set to zero."""
        layer = torch.nn.Conv2d(4, 1000, 3)
        torch.nn.init.zeros_(layer.bias)
        return float(layer.bias.detach().abs().max())

    return default, matched


def keras():
    """`Conv2D` starts from zero."""

    import keras
    import numpy as np

    def default():
        """The largest bias of a fresh layer."""
        layer = keras.layers.Conv2D(1000, 3)
        layer.build((None, 8, 8, 4))
        return float(np.abs(layer.get_weights()[1]).max())

    return default, default  # nothing to change


def jax():
    """Flax's `Conv` starts from zero."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The largest bias of a fresh layer."""
        variables = nn.Conv(1000, (3, 3)).init(jax.random.key(0), jnp.ones((1, 8, 8, 4)))
        return float(jnp.abs(variables["params"]["bias"]).max())

    return default, default  # nothing to change
