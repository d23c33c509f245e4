"""The gradient of a loss that is not a scalar

For the gradient of a vector of losses PyTorch and JAX raise an error; TensorFlow silently takes the
gradient of their sum.
"""

kind = "difference"
symptoms = """grad can be implicitly created only for scalar outputs; Gradient only defined for
scalar-output functions; tape.gradient sums a vector of losses; reduction none"""
matters = """A forgotten mean is an error message in two frameworks. In the third it multiplies the
learning rate by the number of rows in the batch."""
remedy = "Reduce the loss yourself, `loss.mean()`, before taking its gradient."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.Tensor.backward.html",
    "tensorflow/python/eager/backprop.py, GradientTape",
    "jax/_src/api.py, grad",
]
lessons = [2, 3, 4, 7, 8]

observed = {"torch": {"raises": "RuntimeError"}, "tensorflow": 3.0, "jax": {"raises": "TypeError"}}


def torch():
    """An error: a gradient belongs to a scalar."""

    import torch

    X = torch.tensor([1.0, 2.0])

    def default():
        """The gradient with respect to w of (w·1, w·2)."""
        w = torch.ones((), requires_grad=True)
        (w * X).backward()
        return w.grad.item()

    def matched():
        """Of the mean."""
        w = torch.ones((), requires_grad=True)
        (w * X).mean().backward()
        return w.grad.item()

    return default, matched


def tensorflow():
    """The gradient of the sum."""

    import tensorflow as tf

    X = tf.constant([1.0, 2.0])

    def default():
        """The gradient with respect to w of (w·1, w·2)."""
        w = tf.Variable(1.0)
        with tf.GradientTape() as tape:
            losses = w * X
        return float(tape.gradient(losses, w))

    def matched():
        """Of the mean."""
        w = tf.Variable(1.0)
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(w * X)
        return float(tape.gradient(loss, w))

    return default, matched


def jax():
    """An error: a gradient belongs to a scalar."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient with respect to w of (w·1, w·2)."""
        return float(jax.grad(lambda w: w * jnp.array([1.0, 2.0]))(1.0))

    def matched():
        """Of the mean."""
        return float(jax.grad(lambda w: jnp.mean(w * jnp.array([1.0, 2.0])))(1.0))

    return default, matched
