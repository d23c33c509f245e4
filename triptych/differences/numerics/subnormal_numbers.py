"""Numbers too small to be normal

Twice 1e-40, which float32 can represent only with fewer digits, is 2e-40 in NumPy and PyTorch;
TensorFlow and JAX take such numbers for 0. Keras depends on its backend.
"""

kind = "difference"
symptoms = "denormal subnormal flushed to zero, 1e-40, FTZ, set_flush_denormal"
matters = """Probabilities and second moments of Adam get that small; the logarithm of 1e-40 is −92
in PyTorch and −104 in TensorFlow."""
remedy = """`torch.set_flush_denormal(True)` does the same in PyTorch. It is better to compute with
logarithms and avoid such numbers."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.set_flush_denormal.html",
    "https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/core/platform/denormal.h",
    "https://docs.jax.dev/en/latest/notebooks/Common_Gotchas_in_JAX.html",
]
lessons = []

observed = {
    "numpy": 1.999989,
    "torch": 1.999989,
    "tensorflow": 0.0,
    "keras": 0.0,
    "keras-torch": 1.999989,
    "jax": 0.0,
}
tolerance = 1e-5  # subnormal numbers have few digits
round_off = 1e-6  # float32


def numpy():
    """As in the floating-point standard."""

    import numpy as np

    def default():
        """2·10⁻⁴⁰, in units of 10⁻⁴⁰."""
        return float(np.float32(1e-40) * np.float32(2)) / 1e-40

    def matched():
        """log(10⁻⁴⁰ + 10⁻³⁰), away from such numbers."""
        return float(np.log(np.float32(1e-40) + np.float32(1e-30)))

    return default, matched


def torch():
    """As in the floating-point standard."""

    import torch

    def default():
        """2·10⁻⁴⁰, in units of 10⁻⁴⁰."""
        return (torch.tensor(1e-40) * 2).item() / 1e-40

    def matched():
        """log(10⁻⁴⁰ + 10⁻³⁰), away from such numbers."""
        return (torch.tensor(1e-40) + 1e-30).log().item()

    return default, matched


def tensorflow():
    """Flushed to 0, in operations."""

    import tensorflow as tf

    def default():
        """2·10⁻⁴⁰, in units of 10⁻⁴⁰."""
        return float(tf.constant(1e-40) * 2) / 1e-40

    def matched():
        """log(10⁻⁴⁰ + 10⁻³⁰), away from such numbers."""
        return float(tf.math.log(tf.constant(1e-40) + 1e-30))

    return default, matched


def keras():
    """It depends on the backend."""

    import keras

    X = keras.ops.convert_to_tensor(1e-40)

    def default():
        """2·10⁻⁴⁰, in units of 10⁻⁴⁰."""
        return float(X * 2) / 1e-40

    def matched():
        """log(10⁻⁴⁰ + 10⁻³⁰), away from such numbers."""
        return float(keras.ops.log(X + 1e-30))

    return default, matched


def jax():
    """Flushed to 0, in operations."""

    import jax.numpy as jnp

    def default():
        """2·10⁻⁴⁰, in units of 10⁻⁴⁰."""
        return float(jnp.array(1e-40) * 2) / 1e-40

    def matched():
        """log(10⁻⁴⁰ + 10⁻³⁰), away from such numbers."""
        return float(jnp.log(jnp.array(1e-40) + 1e-30))

    return default, matched
