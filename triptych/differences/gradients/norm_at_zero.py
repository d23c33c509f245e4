"""The gradient of a vector's length at zero

At the zero vector, PyTorch's `linalg.norm` has the gradient 0; TensorFlow's and JAX's `norm` have
NaN.
"""

from math import nan

kind = "difference"
symptoms = "gradient of norm nan at zero, torch.norm, tf.norm, linalg.norm, sqrt of zero"
matters = """A penalty on a length, or a distance between two equal points in a contrastive loss,
makes all weights NaN."""
remedy = "Add a small number under the root: `sqrt(sum(x * x) + 1e-12)`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html",
    "tensorflow/python/ops/linalg_ops.py, norm",
    "jax/_src/numpy/linalg.py, norm",
]
lessons = []

observed = {"torch": [0.0, 0.0], "tensorflow": [nan, nan], "jax": [nan, nan]}


def torch():
    """A subgradient is chosen: 0."""

    import torch

    def default():
        """The gradient of |(0, 0)|."""
        x = torch.zeros(2, requires_grad=True)
        torch.linalg.norm(x).backward()
        return x.grad.tolist()

    def matched():
        """With a small number under the root."""
        x = torch.zeros(2, requires_grad=True)
        (x.square().sum() + 1e-12).sqrt().backward()
        return x.grad.tolist()

    return default, matched


def tensorflow():
    """0 divided by 0."""

    import tensorflow as tf

    def slope(norm):
        """The gradient at (0, 0)."""
        x = tf.zeros(2)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = norm(x)
        return tape.gradient(y, x).numpy().tolist()

    def default():
        """Of |x|."""
        return slope(tf.norm)

    def matched():
        """With a small number under the root."""
        return slope(lambda x: tf.sqrt(tf.reduce_sum(x * x) + 1e-12))

    return default, matched


def jax():
    """0 divided by 0."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient of |(0, 0)|."""
        return jax.grad(jnp.linalg.norm)(jnp.zeros(2)).tolist()

    def matched():
        """With a small number under the root."""
        return jax.grad(lambda x: jnp.sqrt(jnp.sum(x * x) + 1e-12))(jnp.zeros(2)).tolist()

    return default, matched
