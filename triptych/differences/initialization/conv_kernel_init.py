"""A convolution's kernel: how wide it is drawn

As for dense layers: PyTorch draws from ±1/√fan_in, Keras from Glorot's ±√(6/(fan_in + fan_out)).
For 16 to 32 channels and a window of 3 × 3 that is 0.083 against 0.118.
"""

kind = "difference"
symptoms = """nn.Conv2d kaiming_uniform, Conv2D glorot_uniform default initialization; lower
accuracy than Keras"""
matters = """PyTorch's source calls `kaiming_uniform_`, which suggests He's initialisation; with its
argument `a=√5`, the bound is √6 times narrower than He's."""
remedy = """Copy the kernel, turned to the other layout (see conv_kernel_layout), or use
`torch.nn.init.xavier_uniform_`."""
sources = [
    "torch/nn/modules/conv.py, _ConvNd.reset_parameters",
    "keras/src/layers/convolutional/base_conv.py, BaseConv, kernel_initializer",
]
lessons = []

observed = {"torch": 0.08332005, "keras": 0.1178282}
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
