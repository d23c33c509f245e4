"""The gradient of clip exactly at its bound

At x = 1, clipped to [−1, 1], PyTorch and TensorFlow pass the whole gradient, JAX half of it, since
its clip is a minimum of a maximum. Since 2.14 PyTorch passes none.
"""

kind = "difference"
symptoms = """gradient of clip clamp at boundary, torch.clamp, tf.clip_by_value, jnp.clip
gradient half"""
matters = """Clipped values lie exactly at the bound, so this is common, for example in clipped
policies and adversarial examples."""
remedy = "`where((x >= -1) & (x <= 1), x, clip(x, -1, 1))`."
sources = [
    "https://docs.pytorch.org/docs/stable/generated/torch.clamp.html",
    "tensorflow/python/ops/clip_ops.py, clip_by_value",
    "jax/_src/numpy/lax_numpy.py, clip",
]
lessons = []

observed = {"torch": 1.0, "tensorflow": 1.0, "jax": 0.5}


def torch():
    """The bound belongs to the inside."""

    import torch

    def default():
        """The gradient of clip(x, −1, 1) at 1."""
        x = torch.ones((), requires_grad=True)
        x.clamp(-1, 1).backward()
        return x.grad.item()

    return default, default  # nothing to change


def tensorflow():
    """The bound belongs to the inside."""

    import tensorflow as tf

    def default():
        """The gradient of clip(x, −1, 1) at 1."""
        x = tf.constant(1.0)
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = tf.clip_by_value(x, -1.0, 1.0)
        return float(tape.gradient(y, x))

    return default, default  # nothing to change


def jax():
    """A tie of x and 1 is shared."""

    import jax
    import jax.numpy as jnp

    def default():
        """The gradient of clip(x, −1, 1) at 1."""
        return float(jax.grad(lambda x: jnp.clip(x, -1.0, 1.0))(1.0))

    def matched():
        """With the bound on the inside."""

        def clip(x):
            return jnp.where((x >= -1) & (x <= 1), x, jnp.clip(x, -1.0, 1.0))

        return float(jax.grad(clip)(1.0))

    return default, matched
