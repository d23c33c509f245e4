"""Group normalisation: which axis holds the channels

For a batch of (2, 3, 5), PyTorch's `GroupNorm` takes axis 1 for the channels and has 3 scales;
Keras's takes the last axis and has 5.
"""

kind = "difference"
symptoms = "GroupNorm channels axis, GroupNormalization axis"
matters = """PyTorch states the number of channels and notices another one. Keras builds itself for
whatever it gets, and with the channels first it groups columns of pixels."""
remedy = "`GroupNormalization(axis=1)` in Keras."
sources = [
    "torch/nn/modules/normalization.py, GroupNorm",
    "keras/src/layers/normalization/group_normalization.py, GroupNormalization, axis",
]
lessons = []

observed = {"torch": 3, "keras": 5}
round_off = 1e-5  # the layers compute in float32


def torch():
    """Axis 1."""

    import torch

    layer = torch.nn.GroupNorm(1, 3)

    def default():
        """The number of scales for a batch of (2, 3, 5)."""
        layer(torch.zeros(2, 3, 5))
        return len(layer.weight)

    def matched():
        """The first row of normalised numbers 0, 1000, …, 29000 in three groups."""
        x = 1000 * torch.arange(30.0).reshape(2, 3, 5)
        return torch.nn.GroupNorm(3, 3)(x)[0, 0].tolist()

    return default, matched


def keras():
    """The last axis."""

    import keras
    import numpy as np

    def default():
        """The number of scales for a batch of (2, 3, 5)."""
        layer = keras.layers.GroupNormalization(1)
        layer(np.zeros((2, 3, 5), dtype="float32"))
        return int(layer.gamma.shape[0])

    def matched():
        """The first row of normalised numbers 0, 1000, …, 29000 in three groups."""
        x = 1000 * np.arange(30, dtype="float32").reshape(2, 3, 5)
        out = keras.layers.GroupNormalization(3, axis=1)(x)
        return keras.ops.convert_to_numpy(out)[0, 0].tolist()

    return default, matched
