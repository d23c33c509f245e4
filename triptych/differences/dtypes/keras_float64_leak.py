"""Keras in float64 that computes in float32

On PyTorch and JAX, `keras.ops.mean` and `keras.ops.matmul` of float64 tensors go through float32:
the mean of 0.1 and 0.2 is wrong by 6e-9. On TensorFlow they keep float64.
"""

kind = "difference"
symptoms = """set_floatx float64 but float32 results, keras torch backend mean matmul float64
precision, ops.mean float32; float32 instead of float64, errors of 1e-7 in float64"""
matters = """A model whose floatx is float64 and whose every weight is float64 still has float32's
precision on these two backends."""
remedy = """There is no public one. The backend's own operations (`torch.mean`, `torch.matmul`) keep
the dtype; Triptych's adapter changes the table in which Keras looks dtypes up, which is private."""
sources = [
    "keras/src/backend/common/dtypes.py, BIT64_TO_BIT32_DTYPE",
    "https://github.com/keras-team/keras/issues/23704",
]
lessons = [2, 3, 4, 7, 8]

observed = {
    "numpy": [0.15000000000000002, 0.11000000000000001],
    "torch": [0.15000000000000002, 0.11000000000000001],
    "keras": [0.15000000000000002, 0.11000000000000001],
    "keras-torch": [0.15000000596046448, 0.11000000685453415],
    "keras-jax": [0.15000000596046448, 0.11000000685453415],
}
tolerance = 1e-12  # the entry is about float64


def numpy():
    """Both in double precision."""

    import numpy as np

    def default():
        """[the mean of 0.1 and 0.2, their scalar product with 0.3 and 0.4]."""
        x, w = np.array([0.1, 0.2]), np.array([0.3, 0.4])
        return [float(np.mean(x)), float(np.matmul(x, w))]

    return default, default  # nothing to change


def torch():
    """Both have the dtype of their tensors."""

    import torch

    def default():
        """[the mean of 0.1 and 0.2, their scalar product with 0.3 and 0.4]."""
        x = torch.tensor([0.1, 0.2], dtype=torch.float64)
        w = torch.tensor([0.3, 0.4], dtype=torch.float64)
        return [torch.mean(x).item(), torch.matmul(x, w).item()]

    return default, default  # nothing to change


def keras():
    """They are computed in the dtype of `result_type`, which has no float64 on two backends."""

    import keras

    def default():
        """[the mean of 0.1 and 0.2, their scalar product with 0.3 and 0.4]."""
        x = keras.ops.convert_to_tensor([0.1, 0.2], dtype="float64")
        w = keras.ops.convert_to_tensor([0.3, 0.4], dtype="float64")
        return [float(keras.ops.mean(x)), float(keras.ops.matmul(x, w))]

    return default
