"""Attention's kernels: how wide they are drawn

For a width of 64, Keras draws all four kernels by Glorot's rule, from ±√(6/128). PyTorch applies
the same rule to the kernels of queries, keys and values stacked into one of (192, 64), from
±√(6/256), and draws the output kernel as a dense layer's, from ±1/√64. Flax draws all as its dense
layers', from LeCun's normal distribution cut off at 2.27/√64.
"""

kind = "difference"
symptoms = """MultiheadAttention xavier_uniform_ initial weights, in_proj_weight bound, glorot;
weight initialization of attention, flax MultiHeadDotProductAttention kernel_init lecun_normal"""
matters = """Scores are products of two such kernels, so at the start they vary half as much in
PyTorch: attention begins more evenly spread."""
remedy = """Copy the kernels (see attention_kernel_layout), or draw each block by itself: `for block
in layer.in_proj_weight.chunk(3): torch.nn.init.xavier_uniform_(block)`, and `out_proj.weight`
likewise; in Flax `kernel_init=nn.initializers.xavier_uniform()`."""
sources = [
    "torch/nn/modules/activation.py, MultiheadAttention._reset_parameters",
    "keras/src/layers/attention/multi_head_attention.py, MultiHeadAttention, kernel_initializer",
    "keras/src/initializers/random_initializers.py, compute_fans",
    "flax/linen/attention.py, MultiHeadDotProductAttention, kernel_init",
]
lessons = []

observed = {"torch": [0.1531, 0.125], "keras": [0.2165, 0.2165], "jax": [0.2842, 0.2842]}
tolerance = 1e-3  # the largest of 4,096 draws comes this close to the bound


def torch():
    """Glorot's rule for the stacked kernel, a dense layer's for the last."""

    import torch

    def bounds(layer):
        """The largest weights of the queries' kernel and of the output kernel."""
        kernels = layer.in_proj_weight.chunk(3)[0], layer.out_proj.weight
        return [float(kernel.detach().abs().max()) for kernel in kernels]

    def default():
        """The bounds of a fresh layer."""
        torch.manual_seed(0)
        return bounds(torch.nn.MultiheadAttention(64, 4))

    def matched():
        """After drawing each kernel by itself, as shares of √(6/128), to two decimals."""
        torch.manual_seed(0)
        layer = torch.nn.MultiheadAttention(64, 4)
        for kernel in (*layer.in_proj_weight.detach().chunk(3), layer.out_proj.weight):
            torch.nn.init.xavier_uniform_(kernel)
        return [round(bound / (6 / 128) ** 0.5, 2) for bound in bounds(layer)]

    return default, matched


def keras():
    """Glorot's rule for each kernel, whatever the number of heads."""

    import keras
    import numpy as np

    def default():
        """The largest weights of the queries' kernel and of the output kernel."""
        keras.utils.set_random_seed(0)
        layer = keras.layers.MultiHeadAttention(4, 16)
        layer.build((None, 3, 64), (None, 3, 64))
        weights = layer.get_weights()  # kernel and bias of queries, keys, values and outputs
        return [float(np.abs(weights[i]).max()) for i in (0, 6)]

    def matched():
        """As shares of √(6/128), to two decimals."""
        return [round(bound / (6 / 128) ** 0.5, 2) for bound in default()]

    return default, matched


def jax():
    """LeCun's rule for each kernel, as if it were (width, width)."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def bounds(**options):
        """The largest weights of the queries' kernel and of the output kernel."""
        layer = nn.MultiHeadDotProductAttention(num_heads=4, **options)
        weights = layer.init(jax.random.key(0), jnp.ones((1, 3, 64)))["params"]
        return [float(jnp.abs(weights[name]["kernel"]).max()) for name in ("query", "out")]

    def default():
        """The bounds of a fresh layer."""
        return bounds()

    def matched():
        """By Glorot's rule, as shares of √(6/128), to two decimals."""
        drawn = bounds(kernel_init=nn.initializers.xavier_uniform())
        return [round(bound / (6 / 128) ** 0.5, 2) for bound in drawn]

    return default, matched
