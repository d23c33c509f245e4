"""The gradient of a maximum where both are equal

At a tie, PyTorch and JAX give each argument half of the gradient; TensorFlow gives the first
argument all of it.
"""

kind = "difference"
symptoms = "gradient of maximum tie, torch.maximum, tf.maximum, hinge loss at the margin"
matters = """`maximum(0, -y * score)` at zero weights is such a tie: the perceptron's first step has
half its size, or none, or all, depending on the framework and the order of the arguments."""
remedy = """Be explicit: `where(y * score <= 0, -y * score, 0)`. Or use relu, whose gradient at 0 is
0 everywhere."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.maximum.html",
    "tensorflow/python/ops/math_grad.py, _MaximumMinimumGrad",
    "jax/_src/lax/lax.py, max_p",
]
lessons = [1]

observed = {
    "torch": [0.5, 0.5],
    "tensorflow": [1.0, 0.0],
    "jax": [0.5, 0.5],
    "pytensor": [1.0, 0.0],
}


def torch():
    """Half and half."""

    import torch

    def default():
        """The gradient of max(a, b) with respect to a and b, at a = b = 1."""
        x = torch.ones(2, requires_grad=True)
        torch.maximum(x[0], x[1]).backward()
        return x.grad.tolist()

    def matched():
        """The condition chooses the first one."""
        x = torch.ones(2, requires_grad=True)
        torch.where(x[0] >= x[1], x[0], x[1]).backward()
        return x.grad.tolist()

    return default, matched


def tensorflow():
    """All to the first."""

    import tensorflow as tf

    def default():
        """The gradient of max(a, b) with respect to a and b, at a = b = 1."""
        a, b = tf.constant(1.0), tf.constant(1.0)
        with tf.GradientTape() as tape:
            tape.watch([a, b])
            y = tf.maximum(a, b)
        return [float(g) for g in tape.gradient(y, [a, b])]

    def matched():
        """The condition chooses the first one."""
        a, b = tf.constant(1.0), tf.constant(1.0)
        with tf.GradientTape() as tape:
            tape.watch([a, b])
            y = tf.where(a >= b, a, b)
        return [float(g) for g in tape.gradient(y, [a, b])]

    return default, matched


def jax():
    """Half and half."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient of max(a, b) with respect to a and b, at a = b = 1."""
        return [float(g) for g in jax.grad(jnp.maximum, argnums=(0, 1))(1.0, 1.0)]

    def matched():
        """The condition chooses the first one."""
        chosen = jax.grad(lambda a, b: jnp.where(a >= b, a, b), argnums=(0, 1))
        return [float(g) for g in chosen(1.0, 1.0)]

    return default, matched


def pytensor():
    """All to one, by a comparison."""

    import pytensor
    import pytensor.tensor as pt

    def default():
        """The gradient of max(a, b) with respect to a and b, at a = b = 1."""
        a, b = pt.scalars("a", "b")
        gradients = pytensor.grad(pt.maximum(a, b), [a, b])
        return [float(g.eval({a: 1.0, b: 1.0}, on_unused_input="ignore")) for g in gradients]

    def matched():
        """The condition chooses the first one."""
        a, b = pt.scalars("a", "b")
        gradients = pytensor.grad(pt.switch(a >= b, a, b), [a, b])
        return [float(g.eval({a: 1.0, b: 1.0}, on_unused_input="ignore")) for g in gradients]

    return default, matched
