"""Clipping by norm: with an epsilon or without

A gradient of 2e-6 clipped to a norm of 1e-6 becomes half of itself in TensorFlow, Keras and Optax.
PyTorch's `clip_grad_norm_` divides by the norm plus 1e-6, and leaves a third.
"""

kind = "difference"
symptoms = """clip_grad_norm_ 1e-6, gradient clipping does not match, optax.clip_by_global_norm vs
torch clip_grad_norm_, clipped norm is smaller than max_norm"""
matters = """At usual norms it is the last digit of float32, which a comparison of single steps
still sees. Where gradients are tiny, as with a loss that was divided by a large number, PyTorch
takes shorter steps."""
remedy = """In PyTorch scale the gradients yourself where the norm is above the limit:
`w.grad.mul_(limit / norm)`; `torch.nn.utils.get_total_norm` returns the norm."""
sources = [
    "torch/nn/utils/clip_grad.py, _clip_grads_with_norm_",
    "tensorflow/python/ops/clip_ops.py, clip_by_global_norm",
    "keras/src/optimizers/base_optimizer.py, global_norm, clip_by_global_norm",
    "optax/transforms/_clipping.py, clip_by_global_norm",
]
lessons = []

observed = {"torch": 0.3333333, "tensorflow": 0.5, "keras": 0.5, "jax": 0.5}
round_off = 1e-6  # float32


def torch():
    """PyTorch divides by the norm plus 1e-6."""

    import torch

    def default():
        """The share of a gradient of 2e-6 that is left at norm 1e-6."""
        w = weight()
        torch.nn.utils.clip_grad_norm_([w], max_norm=1e-6)
        return w.grad.item() / 2e-6

    def matched():
        """The same, scaled by hand."""
        w = weight()
        norm = torch.nn.utils.get_total_norm([w.grad])
        if norm > 1e-6:
            w.grad.mul_(1e-6 / norm)
        return w.grad.item() / 2e-6

    def weight():
        w = torch.nn.Parameter(torch.zeros(1))
        w.grad = torch.full_like(w, 2e-6)
        return w

    return default, matched


def tensorflow():
    """TensorFlow has no epsilon."""

    import tensorflow as tf

    def default():
        """The share of a gradient of 2e-6 that is left at norm 1e-6."""
        (clipped,), _ = tf.clip_by_global_norm([tf.constant(2e-6)], 1e-6)
        return float(clipped) / 2e-6

    return default, default  # nothing to change


def keras():
    """Keras has none either."""

    import keras

    def default():
        """The share of a gradient of 2e-6 that is left at norm 1e-6."""
        w = keras.Variable(0.0)
        optimizer = keras.optimizers.SGD(learning_rate=1.0, global_clipnorm=1e-6)
        optimizer.apply([keras.ops.convert_to_tensor(2e-6)], [w])
        return -float(w.numpy()) / 2e-6

    return default, default  # nothing to change


def jax():
    """Optax has none; it leaves a norm below the limit as it is, so 0 is no problem."""

    import jax.numpy as jnp
    import optax

    def default():
        """The share of a gradient of 2e-6 that is left at norm 1e-6."""
        clipping = optax.clip_by_global_norm(1e-6)
        clipped, _ = clipping.update(jnp.asarray(2e-6), optax.EmptyState())
        return float(clipped) / 2e-6

    return default, default  # nothing to change
