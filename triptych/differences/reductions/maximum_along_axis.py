"""What `max` along an axis returns

PyTorch's `x.max(dim=0)` returns a pair, the values and their indices; in the other frameworks `max`
returns the values.
"""

kind = "difference"
symptoms = "torch.max dim returns values and indices, namedtuple, np.max axis"
matters = """`len`, iteration and comparison work on the pair as well, so the mistake shows only
later."""
remedy = "`x.amax(dim=0)`, which also shares the gradient among ties."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.max.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.amax.html",
    "jax/_src/numpy/reductions.py, max",
]
lessons = []

observed = {"numpy": 5, "torch": 2, "jax": 5}


def numpy():
    """The values."""

    import numpy as np

    def default():
        """The number of results for an array of (3, 5)."""
        return len(np.zeros((3, 5)).max(axis=0))

    return default, default  # nothing to change


def torch():
    """The values and their indices."""

    import torch

    def default():
        """The number of results for an array of (3, 5)."""
        return len(torch.zeros(3, 5).max(dim=0))

    def matched():
        """The values alone."""
        return len(torch.zeros(3, 5).amax(dim=0))

    return default, matched


def jax():
    """The values."""

    import jax.numpy as jnp

    def default():
        """The number of results for an array of (3, 5)."""
        return len(jnp.zeros((3, 5)).max(axis=0))

    return default, default  # nothing to change
