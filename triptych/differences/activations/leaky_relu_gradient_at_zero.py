"""The gradient of leaky relu at zero

With a slope of 0.1 below zero, the derivative at exactly 0 is 0.1 in PyTorch and TensorFlow, and 1
in JAX. Those of relu agree (see relu_gradient_at_zero).
"""

kind = "difference"
symptoms = "F.leaky_relu gradient at 0, subgradient at zero"
matters = """In the black border of a picture all inputs of a unit are 0, and where its bias starts
at 0, so is the pre-activation: equal weights have unequal first gradients."""
remedy = "`jnp.where(x > 0, x, 0.1 * x)` in JAX."
sources = [
    "torch/nn/functional.py, leaky_relu",
    "https://github.com/tensorflow/tensorflow/blob/v2.21.0/tensorflow/core/kernels/relu_op_functor.h",
    "jax/_src/nn/functions.py, leaky_relu",
]
lessons = []

observed = {"torch": 0.1, "tensorflow": 0.1, "jax": 1.0}


def torch():
    """The slope."""

    import torch

    def default():
        """The derivative at 0, with a slope of 0.1."""
        x = torch.tensor(0.0, requires_grad=True)
        torch.nn.functional.leaky_relu(x, 0.1).backward()
        return x.grad.item()

    return default, default  # nothing to change


def tensorflow():
    """The slope."""

    import tensorflow as tf

    def default():
        """The derivative at 0, with a slope of 0.1."""
        x = tf.constant(0.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.nn.leaky_relu(x, 0.1)
        return float(tape.gradient(y, x))

    return default, default  # nothing to change


def jax():
    """1, as above zero."""

    import jax
    import jax.numpy as jnp

    def default():
        """The derivative at 0, with a slope of 0.1."""
        return jax.grad(lambda x: jax.nn.leaky_relu(x, 0.1))(0.0).item()

    def matched():
        """The same with zero on the side of the slope."""
        return jax.grad(lambda x: jnp.where(x > 0, x, 0.1 * x))(0.0).item()

    return default, matched
