"""The hinge loss of a label 0

A score of −0.5 where the label is 0. Keras's `Hinge` turns labels of 0 and 1 into −1 and 1 by
itself, and returns 0.5. PyTorch has no hinge loss under that name; the usual formula, max(0, 1 −
y·z), returns 1 for any score, in PyTorch, in NumPy and as Optax's `hinge_loss`.
"""

kind = "difference"
symptoms = """hinge loss labels -1 1 or 0 1, keras hinge converts, HingeEmbeddingLoss,
MultiMarginLoss, optax.hinge_loss"""
matters = """By hand the rows with label 0 have no gradient: half of the data teach nothing, and
nothing fails."""
remedy = "Store the labels as −1 and 1."
sources = [
    "keras/src/losses/losses.py, convert_binary_labels_to_hinge",
    "torch/nn/modules/loss.py, HingeEmbeddingLoss (which is another loss)",
    "optax/losses/_classification.py, hinge_loss",
]
lessons = []

observed = {"numpy": 1.0, "torch": 1.0, "keras": 0.5, "jax": 1.0}
round_off = 1e-6  # float32


def numpy():
    """The formula."""

    def default():
        """The loss of score −0.5 and label 0."""
        return hinge(y=0.0)

    def matched():
        """The same with the label −1."""
        return hinge(y=-1.0)

    def hinge(y):
        return max(0.0, 1.0 - y * -0.5)

    return default, matched


def torch():
    """The formula, in PyTorch."""

    import torch

    def default():
        """The loss of score −0.5 and label 0."""
        return hinge(y=0.0)

    def matched():
        """The same with the label −1."""
        return hinge(y=-1.0)

    def hinge(y):
        return torch.clamp(1 - y * torch.tensor(-0.5), min=0).item()

    return default, matched


def keras():
    """Keras takes labels of 0 and 1 for −1 and 1."""

    import keras
    import numpy as np

    def default():
        """The loss of score −0.5 and label 0."""
        return float(keras.losses.Hinge()(np.array([[0.0]]), np.array([[-0.5]])))

    def matched():
        """The same with the label −1."""
        return float(keras.losses.Hinge()(np.array([[-1.0]]), np.array([[-0.5]])))

    return default, matched


def jax():
    """Optax's is the formula."""

    import jax.numpy as jnp
    import optax

    def default():
        """The loss of score −0.5 and label 0."""
        return hinge(y=0.0)

    def matched():
        """The same with the label −1."""
        return hinge(y=-1.0)

    def hinge(y):
        return float(optax.hinge_loss(jnp.asarray(-0.5), jnp.asarray(y)))

    return default, matched
