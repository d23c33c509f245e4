"""A dense layer's bias: drawn, or zero

PyTorch draws the bias from ±1/√n_in like the kernel; in Keras a bias starts at 0.
"""

kind = "difference"
symptoms = """nn.Linear bias initialized uniform, Dense bias zeros, bias_initializer; bias
initialized to zero or uniform"""
matters = """Formulas for initial weights are mostly about kernels, so it is easy to copy the
kernels and forget that the biases differ too."""
remedy = "`torch.nn.init.zeros_(layer.bias)`, or `bias_initializer=` in Keras."
sources = [
    "torch/nn/modules/linear.py, Linear.reset_parameters",
    "keras/src/layers/core/dense.py, Dense, bias_initializer",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 0.4998515, "keras": 0.0}
tolerance = 1e-2  # the largest of 1,000 draws comes this close to the bound


def torch():
    """`nn.Linear` draws its bias as it draws its kernel."""

    import torch

    def default():
        """The largest bias of a fresh layer of 4 inputs: almost 1/√4."""
        torch.manual_seed(0)
        return float(torch.nn.Linear(4, 1000).bias.detach().abs().max())

    def matched():
        """The same after it was set to zero."""
        layer = torch.nn.Linear(4, 1000)
        torch.nn.init.zeros_(layer.bias)
        return float(layer.bias.detach().abs().max())

    return default, matched


def keras():
    """`Dense` starts from zero."""

    import keras
    import numpy as np

    def default():
        """The largest bias of a fresh layer."""
        layer = keras.layers.Dense(1000)
        layer.build((None, 4))
        return float(np.abs(layer.get_weights()[1]).max())

    return default, default  # nothing to change
