"""The slope of |x| at zero

PyTorch and TensorFlow take 0, JAX takes 1.
"""

kind = "difference"
symptoms = "gradient of abs at 0, L1 loss at zero, sign(0)"
matters = """Only in JAX does an L1 penalty push weights that are exactly 0, so a pruned network
does not stay pruned."""
remedy = "Write the penalty's gradient as you want it: `x * jnp.sign(x)` has the gradient 0 at 0."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.abs.html",
    "tensorflow/python/ops/math_grad.py, _AbsGrad",
    "jax/_src/lax/lax.py, abs_p",
]
lessons = []

observed = {"torch": 0.0, "tensorflow": 0.0, "jax": 1.0}


def torch():
    """The sign, which is 0."""

    import torch

    def default():
        """The gradient of |x| at 0."""
        x = torch.zeros((), requires_grad=True)
        x.abs().backward()
        return x.grad.item()

    return default, default  # nothing to change


def tensorflow():
    """The sign, which is 0."""

    import tensorflow as tf

    def default():
        """The gradient of |x| at 0."""
        x = tf.constant(0.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.abs(x)
        return float(tape.gradient(y, x))

    return default, default  # nothing to change


def jax():
    """1, as if 0 were positive."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient of |x| at 0."""
        return float(jax.grad(jnp.abs)(0.0))

    def matched():
        """The sign is constant to the gradient, and 0 here."""
        return float(jax.grad(lambda x: x * jnp.sign(x))(0.0))

    return default, matched
