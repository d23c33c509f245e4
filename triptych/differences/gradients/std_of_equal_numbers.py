"""The gradient of a standard deviation of equal numbers

Where all numbers are equal, PyTorch's `std` has the gradient 0; TensorFlow's and JAX's have NaN,
the slope of a root at 0.
"""

from math import nan

kind = "difference"
symptoms = "gradient of std nan, standard deviation of constant input, zero variance"
matters = """A dead unit, constant over the batch, makes a network that normalises by hand return
NaN."""
remedy = "Take the root of the variance plus a small number, as every normalisation layer does."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.std.html",
    "tensorflow/python/ops/math_ops.py, reduce_std",
    "jax/_src/numpy/reductions.py, std",
]
lessons = []

observed = {"torch": [0.0, 0.0], "tensorflow": [nan, nan], "jax": [nan, nan]}


def torch():
    """The gradient is set to 0 where the deviation is."""

    import torch

    def default():
        """The gradient of the standard deviation of (2, 2)."""
        x = torch.tensor([2.0, 2.0], requires_grad=True)
        x.std(correction=0).backward()
        return x.grad.tolist()

    def matched():
        """With a small number under the root."""
        x = torch.tensor([2.0, 2.0], requires_grad=True)
        (x.var(correction=0) + 1e-12).sqrt().backward()
        return x.grad.tolist()

    return default, matched


def tensorflow():
    """0 times the infinite slope of the root."""

    import tensorflow as tf

    def slope(deviation):
        """The gradient at (2, 2)."""
        x = tf.constant([2.0, 2.0])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = deviation(x)
        return tape.gradient(y, x).numpy().tolist()

    def default():
        """Of the standard deviation."""
        return slope(tf.math.reduce_std)

    def matched():
        """With a small number under the root."""
        return slope(lambda x: tf.sqrt(tf.math.reduce_variance(x) + 1e-12))

    return default, matched


def jax():
    """0 times the infinite slope of the root."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient of the standard deviation of (2, 2)."""
        return jax.grad(jnp.std)(jnp.array([2.0, 2.0])).tolist()

    def matched():
        """With a small number under the root."""
        return jax.grad(lambda x: jnp.sqrt(jnp.var(x) + 1e-12))(jnp.array([2.0, 2.0])).tolist()

    return default, matched
