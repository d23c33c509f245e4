"""A branch not taken that spoils the gradient

`where(x > 0, sqrt(x), 0)` is 0 at 0. Its gradient there is NaN in PyTorch and JAX, since the unused
branch contributes 0 · ∞; TensorFlow gives 0, since the gradient of its root is 0 for an incoming 0.
"""

from math import nan

kind = "difference"
symptoms = """nan gradient with where, torch.where tf.where jnp.where sqrt log division, double
where trick; loss is fine and gradients are NaN"""
matters = """A guard against bad numbers works in the forward pass and fails in the backward pass,
and one NaN makes all weights NaN."""
remedy = "Guard the argument, too: `sqrt(where(x > 0, x, 1))` inside the `where`."
sources = [
    "https://docs.jax.dev/en/latest/faq.html (gradients contain NaN where using where)",
    "https://docs.pytorch.org/docs/stable/generated/torch.where.html",
    "tensorflow/python/ops/math_grad.py, _SqrtGrad",
]
lessons = []

observed = {"torch": nan, "tensorflow": 0.0, "jax": nan}


def torch():
    """0 times the infinite slope of the root."""

    import torch

    def slope(guarded):
        """The gradient at 0 of a root that is used only above 0."""
        x = torch.zeros((), requires_grad=True)
        inside = torch.where(x > 0, x, 1.0) if guarded else x
        torch.where(x > 0, inside.sqrt(), 0.0).backward()
        return x.grad.item()

    def default():
        """With one `where`."""
        return slope(guarded=False)

    def matched():
        """With two."""
        return slope(guarded=True)

    return default, matched


def tensorflow():
    """The gradient of `sqrt` is a special operation; of an incoming 0 it makes 0."""

    import tensorflow as tf

    def slope(guarded):
        """The gradient at 0 of a root that is used only above 0."""
        x = tf.constant(0.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            inside = tf.where(x > 0, x, 1.0) if guarded else x
            y = tf.where(x > 0, tf.sqrt(inside), 0.0)
        return float(tape.gradient(y, x))

    def default():
        """With one `where`."""
        return slope(guarded=False)

    def matched():
        """With two."""
        return slope(guarded=True)

    return default, matched


def jax():
    """0 times the infinite slope of the root."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient at 0 of a root that is used only above 0."""
        return float(jax.grad(lambda x: jnp.where(x > 0, jnp.sqrt(x), 0.0))(0.0))

    def matched():
        """With two."""

        def root(x):
            return jnp.where(x > 0, jnp.sqrt(jnp.where(x > 0, x, 1.0)), 0.0)

        return float(jax.grad(root)(0.0))

    return default, matched
