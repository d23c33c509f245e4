"""Flattening: with or without the batch

A (2, 3, 4) becomes (2, 12) in Keras's and PyTorch's layers; PyTorch's function `torch.flatten` and
JAX's `ravel` make it 24 numbers.
"""

kind = "difference"
symptoms = "torch.flatten start_dim=1, np.ravel, Flatten keeps batch"
matters = """A network written with functions mixes the rows of a batch, which shows only if the
next layer rejects the shape."""
remedy = "`torch.flatten(x, start_dim=1)`, `x.reshape(len(x), -1)` in JAX."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.flatten.html",
    "keras/src/layers/reshaping/flatten.py, Flatten",
    "jax/_src/numpy/lax_numpy.py, ravel",
]
lessons = []

observed = {"torch": [24], "keras": [2, 12], "jax": [24]}


def torch():
    """`torch.flatten` flattens everything, `nn.Flatten` all but the first axis."""

    import torch

    X = torch.zeros(2, 3, 4)

    def default():
        """The shape of a flattened (2, 3, 4)."""
        return list(torch.flatten(X).shape)

    def matched():
        """Row by row."""
        return list(torch.flatten(X, start_dim=1).shape)

    return default, matched


def keras():
    """`Flatten` keeps the batch."""

    import keras

    def default():
        """The shape of a flattened (2, 3, 4)."""
        return list(keras.layers.Flatten()(keras.ops.zeros((2, 3, 4))).shape)

    return default, default  # nothing to change


def jax():
    """`ravel` flattens everything."""

    import jax.numpy as jnp

    X = jnp.zeros((2, 3, 4))

    def default():
        """The shape of a flattened (2, 3, 4)."""
        return list(X.ravel().shape)

    def matched():
        """Row by row."""
        return list(X.reshape(len(X), -1).shape)

    return default, matched
