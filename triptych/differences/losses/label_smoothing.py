"""Label smoothing

With smoothing of 0.1 over three classes PyTorch, Keras and Optax all spread a tenth over all
classes, including the right one, which keeps 0.9333. Optax has a function of its own for it, of
one-hot labels.
"""

kind = "agreement"
symptoms = "label_smoothing CrossEntropyLoss, CategoricalCrossentropy, optax.smooth_labels"
matters = "Some papers spread it over the wrong classes only; these frameworks agree."
sources = [
    "https://arxiv.org/abs/1512.00567 (Szegedy et al., section 7)",
    "torch/nn/modules/loss.py, CrossEntropyLoss",
    "keras/src/losses/losses.py, CategoricalCrossentropy",
    "optax/losses/_smoothing.py, smooth_labels",
]
lessons = [3, 4, 7, 8]

observed = {"numpy": 0.5076060, "torch": 0.5076060, "keras": 0.5076060, "jax": 0.5076060}
round_off = 1e-6  # float32


def numpy():
    """Every class gets a third of the tenth."""

    import numpy as np

    def default():
        """The loss of logits 2, 1 and 0, of which the first is right."""
        z = np.array([2.0, 1.0, 0.0])
        target = 0.9 * np.array([1.0, 0.0, 0.0]) + 0.1 / 3
        return float(-np.sum(target * (z - np.log(np.sum(np.exp(z))))))

    return default


def torch():
    """PyTorch's cross-entropy smooths."""

    import torch

    def default():
        """The loss of logits 2, 1 and 0, of which the first is right."""
        loss = torch.nn.CrossEntropyLoss(label_smoothing=0.1)
        return loss(torch.tensor([[2.0, 1.0, 0.0]]), torch.tensor([0])).item()

    return default


def keras():
    """Keras's cross-entropy of one-hot labels smooths."""

    import keras
    import numpy as np

    def default():
        """The loss of logits 2, 1 and 0, of which the first is right."""
        loss = keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1)
        return float(loss(np.array([[1.0, 0.0, 0.0]]), np.array([[2.0, 1.0, 0.0]])))

    return default


def jax():
    """Optax smooths the labels, before the loss."""

    import jax
    import jax.numpy as jnp
    import optax

    def default():
        """The loss of logits 2, 1 and 0, of which the first is right."""
        labels = optax.smooth_labels(jax.nn.one_hot(0, 3), alpha=0.1)
        return float(optax.softmax_cross_entropy(jnp.array([2.0, 1.0, 0.0]), labels))

    return default
