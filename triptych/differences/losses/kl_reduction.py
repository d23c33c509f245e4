"""Kullback-Leibler divergence: a mean over elements or rows

For two rows of three probabilities PyTorch's `KLDivLoss` divides the sum by all 6 elements, Keras's
`KLDivergence` by the 2 rows; PyTorch's is a third of Keras's. Optax returns one divergence for each
row.
"""

kind = "difference"
symptoms = """KLDivLoss reduction batchmean, kl_div mean, KLDivergence; loss too small; log target,
optax.kl_divergence"""
matters = """A mean over elements is not a divergence: it shrinks with the number of classes. And
PyTorch and Optax expect the prediction first, as logarithms."""
remedy = """In PyTorch set `reduction="batchmean"`; in Optax take the mean."""
sources = [
    "torch/nn/modules/loss.py, KLDivLoss (its warning)",
    "keras/src/losses/losses.py, KLDivergence",
    "optax/losses/_classification.py, kl_divergence",
]
lessons = []

observed = {"torch": 0.0784469, "keras": 0.2353406, "jax": [0.1732868, 0.2973944]}
round_off = 1e-6  # float32


def torch():
    """PyTorch's default is the mean over elements."""

    import torch

    P = torch.tensor([[0.5, 0.25, 0.25], [0.2, 0.6, 0.2]])
    Q = torch.tensor([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])

    def default():
        """The divergence of the predictions Q from the truth P."""
        return torch.nn.KLDivLoss()(Q.log(), P).item()

    def matched():
        """The same, as a mean over rows."""
        return torch.nn.KLDivLoss(reduction="batchmean")(Q.log(), P).item()

    return default, matched


def keras():
    """Keras sums over the classes and takes the mean over the rows."""

    import keras
    import numpy as np

    P = np.array([[0.5, 0.25, 0.25], [0.2, 0.6, 0.2]])
    Q = np.array([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])

    def default():
        """The divergence of the predictions Q from the truth P."""
        return float(keras.losses.KLDivergence()(P, Q))

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """Optax sums over the classes and leaves the rows."""

    import jax.numpy as jnp
    import optax

    P = jnp.array([[0.5, 0.25, 0.25], [0.2, 0.6, 0.2]])
    Q = jnp.array([[0.25, 0.5, 0.25], [0.5, 0.25, 0.25]])

    def default():
        """The divergence of the predictions Q from the truth P."""
        return optax.kl_divergence(jnp.log(Q), P).tolist()

    def matched():
        """The same, as a mean over rows."""
        return float(optax.kl_divergence(jnp.log(Q), P).mean())

    return default, matched
