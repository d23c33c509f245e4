"""Clipping gradients by their norm: all together or one by one

Two weights have gradients 3 and 4, to be clipped to norm 1. PyTorch's `clip_grad_norm_` and Optax's
`clip_by_global_norm` take the norm of all gradients together and give 0.6 and 0.8; Keras's
`clipnorm` and TensorFlow's `tf.clip_by_norm` take each variable by itself and give 1 and 1.
"""

kind = "difference"
symptoms = """clipnorm, global_clipnorm, clip_grad_norm_, clip_by_global_norm, clip_by_norm,
gradient clipping, optax.clip_by_global_norm"""
matters = "Clipped one by one, the step has another direction than the gradient."
remedy = "In Keras set `global_clipnorm=1`, in TensorFlow call `tf.clip_by_global_norm`."
sources = [
    "torch/nn/utils/clip_grad.py, clip_grad_norm_",
    "keras/src/optimizers/base_optimizer.py, BaseOptimizer._clip_gradients",
    "https://www.tensorflow.org/api_docs/python/tf/clip_by_global_norm",
    "optax/transforms/_clipping.py, clip_by_global_norm",
]
lessons = [1, 2, 3, 4, 7, 8]

observed = {"torch": [0.6, 0.8], "tensorflow": [1.0, 1.0], "keras": [1.0, 1.0], "jax": [0.6, 0.8]}
round_off = 1e-6  # float32, and PyTorch divides by the norm plus 1e-6


def torch():
    """PyTorch clips by the norm of all gradients together."""

    import torch

    def default():
        """The gradients 3 and 4 clipped to norm 1."""
        weights = [torch.nn.Parameter(torch.zeros(1)) for _ in range(2)]
        for w, gradient in zip(weights, (3.0, 4.0), strict=True):
            w.grad = torch.full_like(w, gradient)
        torch.nn.utils.clip_grad_norm_(weights, max_norm=1.0)
        return [w.grad.item() for w in weights]

    def matched():
        """The same."""
        return default()

    return default, matched


def tensorflow():
    """TensorFlow has a function for either; the one with the shorter name takes one tensor."""

    import tensorflow as tf

    def default():
        """The gradients 3 and 4 clipped to norm 1."""
        return [float(tf.clip_by_norm(gradient, 1.0)) for gradient in gradients()]

    def matched():
        """The same, together."""
        clipped, _ = tf.clip_by_global_norm(gradients(), 1.0)
        return [float(gradient) for gradient in clipped]

    def gradients():
        return [tf.constant(3.0), tf.constant(4.0)]

    return default, matched


def keras():
    """Keras's clipnorm takes each variable by itself."""

    import keras

    def default():
        """The gradients 3 and 4 clipped to norm 1."""
        return step(clipnorm=1.0)

    def matched():
        """The same, together."""
        return step(global_clipnorm=1.0)

    def step(**options):
        weights = [keras.Variable(0.0), keras.Variable(0.0)]
        gradients = [keras.ops.convert_to_tensor(g) for g in (3.0, 4.0)]
        keras.optimizers.SGD(learning_rate=1.0, **options).apply(gradients, weights)
        return [-float(w.numpy()) for w in weights]

    return default, matched


def jax():
    """Optax clips by the norm of the whole tree."""

    import jax.numpy as jnp
    import optax

    def default():
        """The gradients 3 and 4 clipped to norm 1."""
        clipping = optax.clip_by_global_norm(1.0)
        gradients = [jnp.asarray(3.0), jnp.asarray(4.0)]
        clipped, _ = clipping.update(gradients, clipping.init(gradients))
        return [float(gradient) for gradient in clipped]

    return default, default  # nothing to change
