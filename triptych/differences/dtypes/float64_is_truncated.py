"""Whether NumPy's float64 is kept

PyTorch and TensorFlow keep the dtype of an array; JAX silently makes it float32. Keras depends on
its backend: on TensorFlow and PyTorch the digits are kept, on JAX they are lost.
"""

kind = "difference"
symptoms = """JAX_ENABLE_X64, jax float64 truncated to float32, UserWarning explicitly requested
dtype float64 is not available; convert_to_tensor casts float64; float32 instead of float64; mac GPU
MPS TypeError Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support
float64 please use float32 instead"""
matters = """A check in double precision silently becomes one in single precision, and finds gaps of
1e-7 that no mistake causes. A device can lack float64, too: on Apple's GPU, `mps`, PyTorch raises a
TypeError instead, which is in its reports and is not run here."""
remedy = """In JAX enable x64, `jax.config.update("jax_enable_x64", True)`, before any array is
made, also for Keras on JAX, which does not do so itself."""
sources = [
    "https://docs.jax.dev/en/latest/default_dtypes.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.from_numpy.html",
    "keras/src/backend/torch/core.py, convert_to_tensor",
    "jax/_src/config.py, enable_x64",
    "https://github.com/pytorch/pytorch/issues/122602 (float64 on MPS, closed as expected)",
]
lessons = [2, 4, 7, 8]

observed = {
    "numpy": 0.10000000000000001,
    "torch": 0.10000000000000001,
    "tensorflow": 0.10000000000000001,
    "keras": 0.10000000000000001,
    "keras-jax": 0.10000000149011612,
    "jax": 0.10000000149011612,
}
tolerance = 1e-12  # the entry is about the digits beyond float32


def numpy():
    """The input is unchanged."""

    import numpy as np

    X = np.array([0.1])

    def default():
        """0.1."""
        return float(X[0])

    return default, default  # nothing to change


def torch():
    """The dtype is kept."""

    import numpy as np
    import torch

    def default():
        """0.1 after it was a tensor."""
        return torch.from_numpy(np.array([0.1]))[0].item()

    return default, default  # nothing to change


def tensorflow():
    """The dtype is kept."""

    import numpy as np
    import tensorflow as tf

    def default():
        """0.1 after it was a tensor."""
        return float(tf.convert_to_tensor(np.array([0.1]))[0])

    return default, default  # nothing to change


def keras():
    """The backend decides."""

    import keras
    import numpy as np

    def default():
        """0.1 after it was a tensor."""
        return float(keras.ops.convert_to_tensor(np.array([0.1]))[0])

    return default


def jax():
    """Single precision, unless x64 is enabled."""

    import jax
    import jax.numpy as jnp
    import numpy as np

    def default():
        """0.1 after it was a JAX array."""
        return float(jnp.asarray(np.array([0.1]))[0])

    def matched():
        """With x64."""
        with jax.enable_x64(True):
            return float(jnp.asarray(np.array([0.1]))[0])

    return default, matched
