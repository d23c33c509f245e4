"""The gradient of relu at zero is zero

The derivative of relu at exactly 0 is 0 in PyTorch, TensorFlow and JAX, with their own relu
functions. For `maximum(x, 0)` see maximum_at_a_tie.
"""

kind = "agreement"
symptoms = "F.relu, nn.ReLU, jax.nn.relu gradient at zero, subgradient, dead units at 0"
matters = """A pre-activation is exactly 0 surprisingly often: wherever all inputs and biases of a
unit are 0, as for the dark pixels of an image at the start."""
remedy = "None is needed with `relu`."
sources = [
    "torch/nn/functional.py, relu",
    "tensorflow/python/ops/nn_grad.py, _ReluGrad",
    "jax/_src/nn/functions.py, relu",
]
lessons = [1]

observed = {"numpy": 0.0, "torch": 0.0, "tensorflow": 0.0, "jax": 0.0}


def numpy():
    """By convention: a unit that is not above zero passes no gradient back."""

    def default():
        """The slope at 0."""
        return float(0.0 > 0)

    return default


def torch():
    """The gradient is 0."""

    import torch

    def default():
        """The slope at 0."""
        x = torch.zeros((), requires_grad=True)
        torch.relu(x).backward()
        return x.grad.item()

    return default


def tensorflow():
    """The gradient is 0."""

    import tensorflow as tf

    def default():
        """The slope at 0."""
        x = tf.constant(0.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.nn.relu(x)
        return float(tape.gradient(y, x))

    return default


def jax():
    """The gradient is 0, by a rule of its own: `jnp.maximum(x, 0)` would have ½."""

    import jax

    def default():
        """The slope at 0."""
        return float(jax.grad(jax.nn.relu)(0.0))

    return default
