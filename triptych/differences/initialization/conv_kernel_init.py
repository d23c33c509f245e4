"""A convolution's kernel: how wide it is drawn

As for dense layers: PyTorch draws from ±1/√fan_in, Keras from Glorot's ±√(6/(fan_in + fan_out)),
Flax from LeCun's normal distribution, cut off at 2.27/√fan_in. For 16 to 32 channels and a window
of 3 × 3 that is 0.083, 0.118 and 0.189.
"""

kind = "difference"
symptoms = """nn.Conv2d kaiming_uniform, Conv2D glorot_uniform default initialization; lower
accuracy than Keras, flax nn.Conv kernel_init lecun_normal"""
matters = """PyTorch's source calls `kaiming_uniform_`, which suggests He's initialisation; with its
argument `a=√5`, the bound is √6 times narrower than He's."""
remedy = """Copy the kernel, turned to the other layout (see conv_kernel_layout), or use
`torch.nn.init.xavier_uniform_` and `kernel_init=nn.initializers.xavier_uniform()` in Flax."""
sources = [
    "torch/nn/modules/conv.py, _ConvNd.reset_parameters",
    "keras/src/layers/convolutional/base_conv.py, BaseConv, kernel_initializer",
    "flax/linen/linear.py, Conv, default_kernel_init",
]
lessons = []

observed = {"torch": 0.08332005, "keras": 0.1178282, "jax": 0.189148}
tolerance = 1e-3  # the largest of 4,608 draws comes this close to the bound


def torch():
    """`nn.Conv2d` looks at the inputs of a window only."""

    import torch

    def bound(layer):
        """The largest weight, which almost reaches the bound."""
        return float(layer.weight.detach().abs().max())

    def default():
        """The bound of a fresh layer: 1/√(9·16)."""
        torch.manual_seed(0)
        return bound(torch.nn.Conv2d(16, 32, 3))

    def matched():
        """The bound after the kernel has been drawn by Glorot's rule, to three decimals."""
        torch.manual_seed(0)
        layer = torch.nn.Conv2d(16, 32, 3)
        torch.nn.init.xavier_uniform_(layer.weight)
        return round(bound(layer), 3)

    return default, matched


def keras():
    """`Conv2D` counts the outputs of a window, too."""

    import keras
    import numpy as np

    def default():
        """The largest weight of a fresh layer: almost √(6 / (9·16 + 9·32))."""
        keras.utils.set_random_seed(0)
        layer = keras.layers.Conv2D(32, 3)
        layer.build((None, 8, 8, 16))
        return float(np.abs(layer.get_weights()[0]).max())

    def matched():
        """The same, to three decimals."""
        return round(default(), 3)

    return default, matched


def jax():
    """Flax's `Conv` looks at the inputs of a window, and draws a normal distribution."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def bound(layer):
        """The largest weight of a fresh layer."""
        variables = layer.init(jax.random.key(0), jnp.ones((1, 8, 8, 16)))
        return float(jnp.abs(variables["params"]["kernel"]).max())

    def default():
        """By default: almost 2.27/√(9·16)."""
        return bound(nn.Conv(32, (3, 3)))

    def matched():
        """By Glorot's rule, to three decimals."""
        return round(bound(nn.Conv(32, (3, 3), kernel_init=nn.initializers.xavier_uniform())), 3)

    return default, matched
