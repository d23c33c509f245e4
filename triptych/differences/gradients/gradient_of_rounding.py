"""The gradient of round

PyTorch and JAX give 0, which is right almost everywhere; TensorFlow gives None, as if the input
were not connected.
"""

kind = "difference"
symptoms = "gradient of round, floor, straight through estimator, quantization; None gradient"
matters = """A quantised network does not train in any of them. Two frameworks give no hint of the
reason; TensorFlow's None at least can be noticed."""
remedy = """To pass a gradient through, use the straight-through estimator: `x +
stop_gradient(round(x) - x)`."""
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.round.html",
    "tensorflow/python/ops/math_grad.py, Rint",
    "jax/_src/lax/lax.py, round_p",
]
lessons = []

observed = {"torch": "0.0", "tensorflow": "None", "jax": "0.0"}


def torch():
    """0."""

    import torch

    def default():
        """The gradient of round(x) at 1.2."""
        x = torch.tensor(1.2, requires_grad=True)
        x.round().backward()
        return str(x.grad.item())

    def matched():
        """Straight through."""
        x = torch.tensor(1.2, requires_grad=True)
        (x + (x.round() - x).detach()).backward()
        return str(x.grad.item())

    return default, matched


def tensorflow():
    """`None`."""

    import tensorflow as tf

    def slope(f):
        """The gradient at 1.2."""
        x = tf.constant(1.2)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = f(x)
        return tape.gradient(y, x)

    def default():
        """Of round(x)."""
        return str(slope(tf.round))

    def matched():
        """Straight through."""
        return str(float(slope(lambda x: x + tf.stop_gradient(tf.round(x) - x))))

    return default, matched


def jax():
    """0."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient of round(x) at 1.2."""
        return str(float(jax.grad(jnp.round)(1.2)))

    def matched():
        """Straight through."""
        through = jax.grad(lambda x: x + jax.lax.stop_gradient(jnp.round(x) - x))
        return str(float(through(1.2)))

    return default, matched
