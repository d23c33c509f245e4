"""Batch normalisation of a single row

While training, PyTorch refuses a batch of one row; Keras subtracts the row from itself and returns
0, whatever the input was.
"""

kind = "difference"
symptoms = """Expected more than 1 value per channel when training, batch size 1, last batch of
one row"""
matters = """With 1,001 rows in batches of 100, PyTorch stops at the end of the first epoch. Keras
goes on: no gradient passes the layer for the last row, and a variance of 0 enters the running
one."""
remedy = """Take batches of at least two rows: `drop_last=True` in PyTorch's loader,
`drop_remainder=True` in TensorFlow's `batch`. With images, one row is enough, as each pixel
counts."""
sources = [
    "torch/nn/functional.py, _verify_batch_size",
    "keras/src/layers/normalization/batch_normalization.py, BatchNormalization",
    "jax/_src/nn/functions.py, standardize",
]
lessons = []

observed = {"torch": {"raises": "ValueError"}, "keras": 0.0, "jax": 0.0}
round_off = 1e-6  # float32


def torch():
    """An error."""

    import torch

    def default():
        """The output for a batch of the number 7."""
        return torch.nn.BatchNorm1d(1)(torch.tensor([[7.0]])).item()

    def matched():
        """The output for 7, in a batch of 7 and 9."""
        return torch.nn.BatchNorm1d(1)(torch.tensor([[7.0], [9.0]]))[0].item()

    return default, matched


def keras():
    """The row minus itself, on every backend."""

    import keras
    import numpy as np

    def normalised(batch):
        """The output for the first row, with PyTorch's epsilon."""
        layer = keras.layers.BatchNormalization(epsilon=1e-5)
        output = layer(np.array(batch, dtype="float32"), training=True)
        return keras.ops.convert_to_numpy(output)[0].item()

    def default():
        """The output for a batch of the number 7."""
        return normalised([[7.0]])

    def matched():
        """The output for 7, in a batch of 7 and 9."""
        return normalised([[7.0], [9.0]])

    return default, matched


def jax():
    """The row minus itself; JAX has a function and no layer."""

    import jax
    import jax.numpy as jnp

    def default():
        """The output for a batch of the number 7."""
        return jax.nn.standardize(jnp.array([[7.0]]), axis=0).item()

    def matched():
        """The output for 7, in a batch of 7 and 9."""
        return jax.nn.standardize(jnp.array([[7.0], [9.0]]), axis=0)[0].item()

    return default, matched
