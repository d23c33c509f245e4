"""Group normalisation's epsilon

1e-5 in PyTorch, 1e-6 in Flax, 1e-3 in Keras. The last two also make 32 groups by default, where
PyTorch requires the number.
"""

kind = "difference"
symptoms = "GroupNorm eps 1e-5, GroupNormalization epsilon 1e-3, flax GroupNorm epsilon 1e-6"
matters = """Group normalisation is chosen for small batches and for copies of published models,
where a different epsilon is easily overlooked."""
remedy = """`GroupNormalization(groups=…, epsilon=1e-5)` in Keras, `GroupNorm(num_groups=…,
epsilon=1e-5)` in Flax."""
sources = [
    "torch/nn/modules/normalization.py, GroupNorm, eps",
    "keras/src/layers/normalization/group_normalization.py, GroupNormalization, groups, epsilon",
    "flax/linen/normalization.py, GroupNorm, num_groups, epsilon",
]
lessons = []

observed = {"torch": 0.9995004, "keras": 0.9534625, "jax": 0.9999499}
round_off = 1e-6  # the layers compute in float32


def torch():
    """ε is 1e-5."""

    import torch

    def default():
        """The output for 0.1, in one group of ±0.1."""
        return torch.nn.GroupNorm(1, 2)(torch.tensor([[0.1, -0.1]]))[0, 0].item()

    return default, default  # nothing to change


def keras():
    """ε is 1e-3."""

    import keras
    import numpy as np

    def normalised(layer):
        """The output for 0.1, in one group of ±0.1."""
        output = layer(np.array([[0.1, -0.1]], dtype="float32"))
        return keras.ops.convert_to_numpy(output)[0, 0].item()

    def default():
        """With the default."""
        return normalised(keras.layers.GroupNormalization(groups=1))

    def matched():
        """With PyTorch's."""
        return normalised(keras.layers.GroupNormalization(groups=1, epsilon=1e-5))

    return default, matched


def jax():
    """ε is 1e-6."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def normalised(layer):
        """The output for 0.1, in one group of ±0.1."""
        x = jnp.array([[0.1, -0.1]])
        return layer.init_with_output(jax.random.key(0), x)[0][0, 0].item()

    def default():
        """With the default."""
        return normalised(nn.GroupNorm(num_groups=1))

    def matched():
        """With PyTorch's."""
        return normalised(nn.GroupNorm(num_groups=1, epsilon=1e-5))

    return default, matched
