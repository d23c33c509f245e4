"""The embedding of padding: a row of zeros, or a mask

PyTorch's `padding_idx=0` makes row 0 a row of zeros whose gradient is zero, so it stays so. Keras's
`mask_zero=True` leaves row 0 a row like the others, drawn at random, and passes a mask to the
following layers.
"""

kind = "difference"
symptoms = "padding_idx zeros gradient, mask_zero, Embedding padding"
matters = """A layer that ignores masks, such as one that sums over the steps by hand, adds up
padding in Keras and zeros in PyTorch."""
remedy = """Multiply the embedding by the mask, here `indices != 0`; then row 0 contributes nothing
and gets no gradient."""
sources = [
    "torch/nn/modules/sparse.py, Embedding, padding_idx",
    "keras/src/layers/core/embedding.py, Embedding, mask_zero",
]
lessons = []

observed = {"torch": True, "keras": False}


def torch():
    """The row of `padding_idx` is zero from the start."""

    import torch

    def default():
        """Whether index 0 is embedded as zeros."""
        embedding = torch.nn.Embedding(10, 4, padding_idx=0)
        return not embedding(torch.tensor([0])).any().item()

    return default, default  # nothing to change


def keras():
    """The row of index 0 is as random as the others."""

    import keras
    import numpy as np

    def default():
        """Whether index 0 is embedded as zeros."""
        embedding = keras.layers.Embedding(10, 4, mask_zero=True)
        return not keras.ops.convert_to_numpy(embedding(np.array([0]))).any()

    def matched():
        """The same after multiplying by the mask."""
        embedding = keras.layers.Embedding(10, 4, mask_zero=True)
        indices = np.array([[0]])
        mask = keras.ops.cast(embedding.compute_mask(indices), "float32")[..., None]
        return not keras.ops.convert_to_numpy(embedding(indices) * mask).any()

    return default, matched
