"""Huber's loss and the smooth L1 loss

For an error of 3 and a threshold of 2, PyTorch's `SmoothL1Loss(beta=2)` returns 2, Keras's
`Huber(delta=2)` and Optax's `huber_loss` with the same delta return 4. The smooth L1 loss is
Huber's divided by its threshold.
"""

kind = "difference"
symptoms = "SmoothL1Loss beta, HuberLoss delta, tf.keras.losses.Huber, optax.huber_loss delta"
matters = """At a threshold of 1, which is the default of all, they are the same, so the difference
shows only once someone tunes it: Huber's keeps its curvature, the smooth L1 loss its slope."""
remedy = "PyTorch has both: take `HuberLoss(delta=2)`."
sources = [
    "torch/nn/modules/loss.py, SmoothL1Loss (its note on Huber)",
    "keras/src/losses/losses.py, Huber",
    "optax/losses/_regression.py, huber_loss",
]
lessons = []

observed = {"torch": 2.0, "keras": 4.0, "jax": 4.0}
round_off = 1e-6  # float32


def torch():
    """PyTorch's smooth L1 loss has slope 1 in the tails."""

    import torch

    def default():
        """The loss of an error of 3 with threshold 2."""
        return torch.nn.SmoothL1Loss(beta=2.0)(torch.full((1,), 3.0), torch.zeros(1)).item()

    def matched():
        """The same by Huber's loss."""
        return torch.nn.HuberLoss(delta=2.0)(torch.full((1,), 3.0), torch.zeros(1)).item()

    return default, matched


def keras():
    """Huber's loss has slope delta in the tails."""

    import keras
    import numpy as np

    def default():
        """The loss of an error of 3 with threshold 2."""
        return float(keras.losses.Huber(delta=2.0)(np.zeros((1, 1)), np.full((1, 1), 3.0)))

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """Optax's is Huber's, one loss for each error."""

    import jax.numpy as jnp
    import optax

    def default():
        """The loss of an error of 3 with threshold 2."""
        return float(optax.huber_loss(jnp.asarray(3.0), jnp.asarray(0.0), delta=2.0))

    return default, default  # nothing to change
