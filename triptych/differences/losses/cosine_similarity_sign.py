"""The sign of a cosine similarity

For two vectors that point the same way PyTorch's `CosineSimilarity` and Optax's `cosine_similarity`
return 1 and Keras's loss of the same name −1: in Keras it is a loss to minimise.
"""

kind = "difference"
symptoms = """CosineSimilarity loss negative, cosine_similarity -1, CosineEmbeddingLoss,
optax.cosine_distance"""
matters = """Carried over by name and minimised, PyTorch's and Optax's drive apart vectors that
should be alike."""
remedy = """In PyTorch minimise the negative, or use `CosineEmbeddingLoss`, which is 1 minus the
similarity, as is Optax's `cosine_distance`."""
sources = [
    "torch/nn/modules/distance.py, CosineSimilarity",
    "keras/src/losses/losses.py, CosineSimilarity",
    "optax/losses/_regression.py, cosine_similarity, cosine_distance",
]
lessons = []

observed = {"torch": 1.0, "keras": -1.0, "jax": 1.0}
round_off = 1e-6  # float32


def torch():
    """PyTorch's is a similarity."""

    import torch

    def default():
        """Of two vectors that point the same way."""
        return torch.nn.CosineSimilarity()(
            torch.tensor([[3.0, 4.0]]), torch.tensor([[6.0, 8.0]])
        ).item()

    def matched():
        """The same as a loss."""
        return -default()

    return default, matched


def keras():
    """Keras's is a loss."""

    import keras
    import numpy as np

    def default():
        """Of two vectors that point the same way."""
        loss = keras.losses.CosineSimilarity()
        return float(loss(np.array([[6.0, 8.0]]), np.array([[3.0, 4.0]])))

    def matched():
        """The same."""
        return default()

    return default, matched


def jax():
    """Optax's is a similarity."""

    import jax.numpy as jnp
    import optax

    def default():
        """Of two vectors that point the same way."""
        return float(optax.cosine_similarity(jnp.array([3.0, 4.0]), jnp.array([6.0, 8.0])))

    def matched():
        """The same as a loss."""
        return -default()

    return default, matched
