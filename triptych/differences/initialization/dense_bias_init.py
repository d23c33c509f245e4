"""A dense layer's bias: drawn, or zero

PyTorch draws the bias from ±1/√n_in like the kernel; in Keras and Flax a bias starts at 0.
"""

kind = "difference"
symptoms = """nn.Linear bias initialized uniform, Dense bias zeros, bias_initializer; bias
initialized to zero or uniform; flax bias_init zeros"""
matters = """Formulas for initial weights are mostly about kernels, so it is easy to copy the
kernels and forget that the biases differ too."""
remedy = """`torch.nn.init.zeros_(layer.bias)`, or `bias_initializer=` in Keras and `bias_init=` in
Flax."""
sources = [
    "torch/nn/modules/linear.py, Linear.reset_parameters",
    "keras/src/layers/core/dense.py, Dense, bias_initializer",
    "flax/linen/linear.py, Dense, bias_init",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": 0.4998515, "keras": 0.0, "jax": 0.0}
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


def jax():
    """Flax's `Dense` starts from zero."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The largest bias of a fresh layer."""
        variables = nn.Dense(1000).init(jax.random.key(0), jnp.ones((1, 4)))
        return float(jnp.abs(variables["params"]["bias"]).max())

    return default, default  # nothing to change
