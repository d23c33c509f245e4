"""Layer normalisation divides by n

The variance of a row is over n, not over n − 1, in PyTorch, Keras and `jax.nn.standardize`. 0,
1000, 2000, 3000 become ±1.342 and ±0.447; with n − 1 they would be ±1.162 and ±0.387.
"""

kind = "agreement"
symptoms = """LayerNorm std unbiased, (x - mean) / (std + eps), annotated transformer, x.std n -
1, LayerNorm implemented by hand differs"""
matters = """PyTorch's `std` and `var` are over n − 1 (see std_degrees_of_freedom), so a layer
normalisation written with them, as in many tutorials, is not that of the layer."""
remedy = "None is needed between layers; by hand, `x.var(-1, correction=0)` in PyTorch."
sources = [
    "torch/nn/modules/normalization.py, LayerNorm",
    "keras/src/layers/normalization/layer_normalization.py, LayerNormalization",
    "jax/_src/nn/functions.py, standardize",
]
lessons = [8]

observed = {
    "numpy": [-1.3416408, -0.4472136, 0.4472136, 1.3416408],
    "torch": [-1.3416408, -0.4472136, 0.4472136, 1.3416408],
    "keras": [-1.3416408, -0.4472136, 0.4472136, 1.3416408],
    "jax": [-1.3416408, -0.4472136, 0.4472136, 1.3416408],
}
round_off = 1e-6  # the layers compute in float32; beside such numbers no epsilon counts


def numpy():
    """The definition."""

    import numpy as np

    def default():
        """A row of 0, 1000, 2000, 3000."""
        x = np.array([0.0, 1000.0, 2000.0, 3000.0])
        return ((x - x.mean()) / x.std()).tolist()

    return default


def torch():
    """Over n."""

    import torch

    def default():
        """A row of 0, 1000, 2000, 3000."""
        return torch.nn.LayerNorm(4)(torch.tensor([[0.0, 1000.0, 2000.0, 3000.0]]))[0].tolist()

    return default


def keras():
    """Over n, on every backend."""

    import keras
    import numpy as np

    def default():
        """A row of 0, 1000, 2000, 3000."""
        row = np.array([[0, 1000, 2000, 3000]], dtype="float32")
        return keras.ops.convert_to_numpy(keras.layers.LayerNormalization()(row))[0].tolist()

    return default


def jax():
    """Over n."""

    import jax
    import jax.numpy as jnp

    def default():
        """A row of 0, 1000, 2000, 3000."""
        return jax.nn.standardize(jnp.array([0.0, 1000.0, 2000.0, 3000.0])).tolist()

    return default
