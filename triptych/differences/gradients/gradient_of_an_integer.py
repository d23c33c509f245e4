"""The gradient with respect to an integer

PyTorch raises a RuntimeError, JAX a TypeError; TensorFlow returns None, with a warning in its log.
"""

kind = "difference"
symptoms = """only Tensors of floating point dtype can require gradients; grad requires real- or
complex-valued inputs, got int32; gradient None"""
matters = """`tf.constant(3)` instead of `tf.constant(3.0)` is a slip that the other two catch at
once."""
remedy = "Write the decimal point, `3.0`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.tensor.html",
    "tensorflow/python/eager/backprop.py, GradientTape",
    "jax/_src/api.py, grad",
]
lessons = []

observed = {
    "torch": {"raises": "RuntimeError"},
    "tensorflow": "None",
    "jax": {"raises": "TypeError"},
}


def torch():
    """Only floats are tracked."""

    import torch

    def default():
        """The gradient of x² at the integer 3."""
        x = torch.tensor(3, requires_grad=True)
        (x * x).backward()
        return str(x.grad.item())

    def matched():
        """At 3.0."""
        x = torch.tensor(3.0, requires_grad=True)
        (x * x).backward()
        return str(x.grad.item())

    return default, matched


def tensorflow():
    """`None`."""

    import tensorflow as tf

    def slope(x):
        """The gradient of x²."""
        x = tf.constant(x)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x
        return tape.gradient(y, x)

    def default():
        """At the integer 3."""
        return str(slope(3))

    def matched():
        """At 3.0."""
        return str(float(slope(3.0)))

    return default, matched


def jax():
    """Only floats have a gradient."""

    import jax

    def default():
        """The gradient of x² at the integer 3."""
        return str(float(jax.grad(lambda x: x * x)(3)))

    def matched():
        """At 3.0."""
        return str(float(jax.grad(lambda x: x * x)(3.0)))

    return default, matched
