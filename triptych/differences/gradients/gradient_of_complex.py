"""The gradient with respect to a complex number

For |z|² at 1 + 2i, PyTorch and TensorFlow give 2 + 4i, the direction of steepest ascent; JAX gives
its conjugate, 2 − 4i.
"""

kind = "difference"
symptoms = "complex gradient conjugate, jax.grad holomorphic"
matters = "Gradient descent with JAX's gradient walks the wrong way along the imaginary axis."
remedy = "Take the conjugate in JAX: `jnp.conj(jax.grad(f)(z))`."
sources = [
    "https://docs.pytorch.org/docs/stable/notes/autograd.html (autograd for complex numbers)",
    "https://docs.jax.dev/en/latest/notebooks/autodiff_cookbook.html (complex differentiation)",
    "tensorflow/python/ops/math_grad.py, _ComplexAbsGrad",
]
lessons = []

observed = {"torch": [2.0, 4.0], "tensorflow": [2.0, 4.0], "jax": [2.0, -4.0]}


def torch():
    """The direction of steepest ascent."""

    import torch

    def default():
        """[real, imaginary] part of the gradient of |z|² at 1 + 2i."""
        z = torch.tensor(1 + 2j, requires_grad=True)
        (z * z.conj()).real.backward()
        return [z.grad.real.item(), z.grad.imag.item()]

    return default, default  # nothing to change


def tensorflow():
    """The direction of steepest ascent."""

    import tensorflow as tf

    def default():
        """[real, imaginary] part of the gradient of |z|² at 1 + 2i."""
        z = tf.constant(1 + 2j)
        with tf.GradientTape() as tape:
            tape.watch(z)
            y = tf.math.real(z * tf.math.conj(z))
        gradient = complex(tape.gradient(y, z).numpy())
        return [gradient.real, gradient.imag]

    return default, default  # nothing to change


def jax():
    """The conjugate of the direction of steepest ascent."""

    import jax
    import jax.numpy as jnp

    def gradient():
        """The gradient of |z|² at 1 + 2i."""
        return jax.grad(lambda z: jnp.real(z * jnp.conj(z)))(1 + 2j)

    def default():
        """[real, imaginary] part of it."""
        g = complex(gradient())
        return [g.real, g.imag]

    def matched():
        """Of its conjugate."""
        g = complex(jnp.conj(gradient()))
        return [g.real, g.imag]

    return default, matched
