"""A float32 plus a float64

NumPy and PyTorch return float64; TensorFlow raises an error; JAX has no float64 unless x64 is
enabled.
"""

kind = "difference"
symptoms = """type promotion, float32 and float64 mixed, cannot compute AddV2 as input was
expected to be a float; expected scalar type Float but found Double"""
matters = """One array of NumPy's default dtype among the inputs makes a whole PyTorch loss float64,
at twice the memory, or stops in the middle of TensorFlow."""
remedy = "Cast NumPy arrays at the boundary."
sources = [
    "https://docs.pytorch.org/docs/stable/tensor_attributes.html (type promotion)",
    "tensorflow/python/ops/math_ops.py, add",
    "https://docs.jax.dev/en/latest/type_promotion.html",
]
lessons = []

observed = {
    "numpy": "float64",
    "torch": "float64",
    "tensorflow": {"raises": "InvalidArgumentError"},
    "jax": "float32",
}


def numpy():
    """The wider one."""

    import numpy as np

    SINGLE, DOUBLE = np.ones(1, dtype="float32"), np.ones(1, dtype="float64")

    def default():
        """The dtype of the sum."""
        return str((SINGLE + DOUBLE).dtype)

    def matched():
        """With the float64 cast."""
        return str((SINGLE + DOUBLE.astype("float32")).dtype)

    return default, matched


def torch():
    """The wider one."""

    import torch

    SINGLE, DOUBLE = torch.ones(1), torch.ones(1, dtype=torch.float64)

    def default():
        """The dtype of the sum."""
        return str((SINGLE + DOUBLE).dtype).removeprefix("torch.")

    def matched():
        """With the float64 cast."""
        return str((SINGLE + DOUBLE.float()).dtype).removeprefix("torch.")

    return default, matched


def tensorflow():
    """An error."""

    import tensorflow as tf

    SINGLE, DOUBLE = tf.ones(1), tf.ones(1, tf.float64)

    def default():
        """The dtype of the sum."""
        return (SINGLE + DOUBLE).dtype.name

    def matched():
        """With the float64 cast."""
        return (SINGLE + tf.cast(DOUBLE, tf.float32)).dtype.name

    return default, matched


def jax():
    """NumPy's float64 becomes float32 on input."""

    import jax.numpy as jnp
    import numpy as np

    def default():
        """The dtype of the sum."""
        return str((jnp.ones(1) + np.ones(1)).dtype)

    return default, default  # nothing to change
