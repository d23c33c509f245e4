"""The gradient of the largest number, where several are largest

Of 3, 3, 1, PyTorch's `max()` and `amax`, TensorFlow's `reduce_max` and JAX's `max` divide the
gradient equally among the two 3s. PyTorch's `max(dim=0)` gives all of it to one, PyTensor's `max`
all of it to each.
"""

kind = "difference"
symptoms = "gradient of max reduce_max amax with ties, equal maxima"
matters = """Max pooling written by hand, or attention over a maximum, trains differently from the
layer. In PyTensor its gradient is too large by the number of ties."""
remedy = """In PyTorch use `amax` for equal shares; in PyTensor take the mean of the largest, as
below."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.amax.html",
    "https://docs.pytorch.org/docs/stable/generated/torch.max.html",
    "tensorflow/python/ops/math_grad.py, _MinOrMaxGrad",
    "jax/_src/lax/lax.py, reduce_max_p",
    "pytensor/tensor/math.py, Max",
]
lessons = []

observed = {
    "torch": [1.0, 0.0, 0.0],
    "tensorflow": [0.5, 0.5, 0.0],
    "jax": [0.5, 0.5, 0.0],
    "pytensor": [1.0, 1.0, 0.0],
}


def torch():
    """All to one of them, where an axis is named."""

    import torch

    def default():
        """The gradient of the largest of 3, 3, 1, along axis 0."""
        x = torch.tensor([3.0, 3.0, 1.0], requires_grad=True)
        x.max(dim=0).values.backward()
        return x.grad.tolist()

    def matched():
        """By `amax`."""
        x = torch.tensor([3.0, 3.0, 1.0], requires_grad=True)
        x.amax(dim=0).backward()
        return x.grad.tolist()

    return default, matched


def tensorflow():
    """An equal share."""

    import tensorflow as tf

    def default():
        """The gradient of the largest of 3, 3, 1, along axis 0."""
        x = tf.constant([3.0, 3.0, 1.0])
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.reduce_max(x, axis=0)
        return tape.gradient(y, x).numpy().tolist()

    return default, default  # nothing to change


def jax():
    """An equal share."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient of the largest of 3, 3, 1, along axis 0."""
        return jax.grad(lambda x: jnp.max(x, axis=0))(jnp.array([3.0, 3.0, 1.0])).tolist()

    return default, default  # nothing to change


def pytensor():
    """All to each of them."""

    import pytensor
    import pytensor.tensor as pt

    X = pt.vector("x", dtype="float64")

    def gradient(largest):
        """Of this number with respect to 3, 3, 1."""
        return pytensor.grad(largest, X).eval({X: [3.0, 3.0, 1.0]}).tolist()

    def default():
        """The gradient of the largest of 3, 3, 1, along axis 0."""
        return gradient(pt.max(X, axis=0))

    def matched():
        """As the mean of those that are largest."""
        largest = pt.eq(X, pt.max(X, axis=0))
        return gradient(pt.sum(X * largest) / pt.sum(largest))

    return default, matched
