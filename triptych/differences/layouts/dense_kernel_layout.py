"""A dense layer's kernel: (outputs, inputs) or (inputs, outputs)

PyTorch keeps the kernel of a layer from 3 inputs to 2 outputs as (2, 3) and computes x·Wᵀ; Keras
and Flax keep (3, 2) and compute x·W.
"""

kind = "difference"
symptoms = """linear weight transpose, Dense kernel (in, out), nn.Linear weight (out, in),
get_weights transposed, set_weights, load state_dict; converted model has different weights, gives
different output; flax kernel to PyTorch weight"""
matters = """A square kernel can be copied without turning it, and the layer then computes something
else without an error."""
remedy = """Transpose on the way: `layer.weight.copy_(torch.from_numpy(kernel.T))`. Only kernels of
`nn.Linear`; a bias stays as it is."""
sources = [
    "torch/nn/modules/linear.py, Linear",
    "keras/src/layers/core/dense.py, Dense",
    "flax/linen/linear.py, Dense",
]
lessons = [3, 4, 7, 8]

observed = {"torch": [2, 3], "keras": [3, 2], "jax": [3, 2]}
round_off = 1e-6  # Keras's layers multiply in float32 on PyTorch and JAX


def torch():
    """`nn.Linear` keeps (outputs, inputs)."""

    import numpy as np
    import torch

    def default():
        """The kernel's shape for 3 inputs and 2 outputs."""
        return list(torch.nn.Linear(3, 2).weight.shape)

    def matched():
        """(1, 1, 1) through the kernel 0 … 5, stored as (inputs, outputs) and turned."""
        layer = torch.nn.Linear(3, 2, bias=False)
        kernel = np.arange(6, dtype="float32").reshape(3, 2)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(kernel.T))
        return layer(torch.ones(1, 3)).tolist()

    return default, matched


def keras():
    """`Dense` keeps (inputs, outputs)."""

    import keras
    import numpy as np

    def layer():
        """3 inputs, 2 outputs."""
        dense = keras.layers.Dense(2, use_bias=False)
        dense.build((None, 3))
        return dense

    def default():
        """The kernel's shape."""
        return list(layer().kernel.shape)

    def matched():
        """(1, 1, 1) through the kernel 0 … 5, stored as (inputs, outputs)."""
        dense = layer()
        dense.set_weights([np.arange(6, dtype="float32").reshape(3, 2)])
        return keras.ops.convert_to_numpy(dense(np.ones((1, 3)))).tolist()

    return default, matched


def jax():
    """Flax's `Dense` keeps (inputs, outputs)."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The kernel's shape for 3 inputs and 2 outputs."""
        variables = nn.Dense(2).init(jax.random.key(0), jnp.ones((1, 3)))
        return list(variables["params"]["kernel"].shape)

    def matched():
        """(1, 1, 1) through the kernel 0 … 5, stored as (inputs, outputs)."""
        weights = {"kernel": jnp.arange(6.0).reshape(3, 2)}
        return nn.Dense(2, use_bias=False).apply({"params": weights}, jnp.ones((1, 3))).tolist()

    return default, matched
