"""RMS normalisation's epsilon

PyTorch takes the machine epsilon of the dtype, 1.2e-7 in float32; Keras and Flax take 1e-6.
"""

kind = "difference"
symptoms = "RMSNorm eps, RMSNormalization, LLaMA norm, flax RMSNorm"
matters = """PyTorch's default changes with the dtype: the same model in bfloat16 has an epsilon of
0.008."""
remedy = "Set it explicitly: `nn.RMSNorm(n, eps=1e-6)`."
sources = [
    "torch/nn/modules/normalization.py, RMSNorm, eps",
    "keras/src/layers/normalization/rms_normalization.py, RMSNormalization, epsilon",
    "flax/linen/normalization.py, RMSNorm, epsilon",
]
lessons = []

observed = {"torch": 0.9452449, "keras": 0.7071068, "jax": 0.7071068}
round_off = 1e-6  # the layers compute in float32


def torch():
    """ε is `torch.finfo(x.dtype).eps`."""

    import torch

    X = torch.tensor([[0.001, -0.001]])

    def default():
        """The output for 0.001, in a row of ±0.001."""
        return torch.nn.RMSNorm(2)(X)[0, 0].item()

    def matched():
        """With Keras's."""
        return torch.nn.RMSNorm(2, eps=1e-6)(X)[0, 0].item()

    return default, matched


def keras():
    """ε is 1e-6."""

    import keras
    import numpy as np

    def default():
        """The output for 0.001, in a row of ±0.001."""
        output = keras.layers.RMSNormalization()(np.array([[0.001, -0.001]], dtype="float32"))
        return keras.ops.convert_to_numpy(output)[0, 0].item()

    return default, default  # nothing to change


def jax():
    """ε is 1e-6."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """The output for 0.001, in a row of ±0.001."""
        x = jnp.array([[0.001, -0.001]])
        return nn.RMSNorm().init_with_output(jax.random.key(0), x)[0][0, 0].item()

    return default, default  # nothing to change
