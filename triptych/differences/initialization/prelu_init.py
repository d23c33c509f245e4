"""PReLU's slope before training

The slope of PyTorch's PReLU starts at 0.25, that of Flax's at 0.01 and that of Keras's at 0: there
a fresh PReLU is a relu. PyTorch and Flax learn one slope for the layer, Keras one for every
feature.
"""

kind = "difference"
symptoms = """nn.PReLU 0.25, keras PReLU zeros, alpha_initializer, flax PReLU negative_slope_init
0.01"""
matters = "A fresh network's outputs differ, and the number of parameters with them."
remedy = """`keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25))`,
`nn.PReLU(negative_slope_init=0.25)` in Flax, and PyTorch's `nn.PReLU(num_parameters=…)` or Keras's
`shared_axes` for the number of slopes."""
sources = [
    "torch/nn/modules/activation.py, PReLU",
    "keras/src/layers/activations/prelu.py, PReLU, alpha_initializer",
    "flax/linen/activation.py, PReLU",
]
lessons = []

observed = {"torch": -0.25, "keras": 0.0, "jax": -0.01}


def torch():
    """`nn.PReLU` starts with a slope of 0.25, as in the paper of He et al."""

    import torch

    def default():
        """What −1 becomes."""
        return torch.nn.PReLU()(torch.tensor([-1.0])).item()

    return default, default  # nothing to change


def keras():
    """`PReLU` starts as a relu."""

    import keras
    import numpy as np

    def default():
        """What −1 becomes."""
        return float(keras.ops.convert_to_numpy(keras.layers.PReLU()(-np.ones((1, 1)))).item())

    def matched():
        """With the slope of the paper."""
        layer = keras.layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25))
        return float(keras.ops.convert_to_numpy(layer(-np.ones((1, 1)))).item())

    return default, matched


def jax():
    """Flax's `PReLU` starts with a slope of 0.01."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """What −1 becomes."""
        return activated(nn.PReLU())

    def matched():
        """With the slope of the paper."""
        return activated(nn.PReLU(negative_slope_init=0.25))

    def activated(layer):
        return layer.init_with_output(jax.random.key(0), jnp.array([-1.0]))[0].item()

    return default, matched
