"""The initial mode of a model: training or prediction

A fresh batch normalisation is called on 0 and 2. A PyTorch module starts in training mode and takes
the mean and variance of that batch: −1 and 1. A Keras layer in a plain call predicts, with the
running mean 0 and variance 1: 0 and 2. Flax's raises an error until `use_running_average` is
stated.
"""

kind = "difference"
symptoms = """model starts in train mode, model.training, model.eval(), training=None, different
results of model(x) and predict; flax Parameter "use_running_average" must be passed, mutable
batch_stats"""
matters = """In PyTorch a prediction depends on what else is in the batch, and changes the running
statistics, until `model.eval()`; a custom training loop in Keras never updates them without
`training=True`."""
remedy = """Set the mode each time: `model.train()` and `model.eval()` in PyTorch, `training=` in
Keras, `use_running_average=` in Flax."""
sources = [
    "torch/nn/modules/module.py, Module.train",
    "keras/src/layers/layer.py, Layer.__call__ (how training is resolved)",
    "flax/linen/normalization.py, BatchNorm.__call__, use_running_average",
]
lessons = []

observed = {"torch": [-1.0, 1.0], "keras": [0.0, 2.0], "jax": {"raises": "ValueError"}}
tolerance = 1e-3  # the epsilons of the two layers differ, which is another entry
round_off = 1e-6  # float32


def torch():
    """A PyTorch module starts in training mode."""

    import torch

    def default():
        """0 and 2, normalised by a fresh layer."""
        layer = torch.nn.BatchNorm1d(1)
        return layer(torch.tensor([[0.0], [2.0]])).flatten().tolist()

    def matched():
        """The same in evaluation mode, with the same epsilon."""
        layer = torch.nn.BatchNorm1d(1, eps=1e-3).eval()
        return layer(torch.tensor([[0.0], [2.0]])).flatten().tolist()

    return default, matched


def keras():
    """A Keras layer in a plain call predicts."""

    import keras
    import numpy as np

    def default():
        """0 and 2, normalised by a fresh layer."""
        return normalised(keras.layers.BatchNormalization())

    def matched():
        """The same, set explicitly."""
        return normalised(keras.layers.BatchNormalization(), training=False)

    def normalised(layer, **options):
        z = layer(np.array([[0.0], [2.0]], dtype="float32"), **options)
        return keras.ops.convert_to_numpy(z).flatten().tolist()

    return default, matched


def jax():
    """Flax has no mode, and no default."""

    import flax.linen as nn
    import jax
    import jax.numpy as jnp

    def default():
        """0 and 2, normalised by a fresh layer."""
        return normalised(nn.BatchNorm())

    def matched():
        """The same with the running statistics, and the same epsilon."""
        return normalised(nn.BatchNorm(use_running_average=True, epsilon=1e-3))

    def normalised(layer):
        z, _ = layer.init_with_output(jax.random.key(0), jnp.array([[0.0], [2.0]]))
        return z.ravel().tolist()

    return default, matched
