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
